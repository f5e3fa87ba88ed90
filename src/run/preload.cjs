/**
 * What NODE_OPTIONS loads into a Node child (see preload.ts): starts the timing of its requests, where there is a file
 * to write them to and a Node that can (18). In any other process it does nothing, and what goes wrong here must not
 * reach the module.
 */
'use strict';

try {
  if (process.env.WATCHKEEPER_METRICS && Number.parseInt(process.versions.node, 10) >= 18) {
    require('./request-timing.cjs');
  }
} catch {
  // no timing, and no sign of it: the module's own work goes on
}
