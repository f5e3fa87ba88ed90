/**
 * One timed request as a line of the metrics file. See request-timing.cjs for what is timed.
 */
'use strict';

// All taken at the start: a module may put its own file system or its own JSON in their place.
const { openSync, writeSync, closeSync, constants } = require('node:fs');
const toJson = JSON.stringify;

const file = process.env.WATCHKEEPER_METRICS;
/** Values of variables that may be secrets: none of them goes into an endpoint. Short ones only where they are called so. */
const secrets = Object.entries(process.env)
  .filter(([name]) => !name.startsWith('WATCHKEEPER_'))
  .filter(([name, value]) => value.length >= (/key|token|secret|pass|auth|cred/i.test(name) ? 4 : 8))
  .flatMap(([, value]) => [value, encodeURIComponent(value)])
  .sort((a, b) => b.length - a.length); // one may hold another

const MAX_ENDPOINT = 200;

/** Method and path: no host, no query, no parameters, and `*` for what looks like a key, an id or a known secret. */
function endpointOf(method, path) {
  let clean = path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  for (const secret of secrets) clean = clean.split(secret).join('*');
  const segments = clean.split('/').map(segment => {
    const name = segment.replace(/;.*$/s, '');
    return name.length >= 16 && /\d/.test(name) ? '*' : name;
  });
  return `${method} ${segments.join('/') || '/'}`.slice(0, MAX_ENDPOINT);
}

let torn = false;

/** Opened for each line: a descriptor kept open could be closed by the module, and its number be another file's. */
function appendRequest(endpoint, seconds, failed) {
  const line = {
    metric: 'apiLatencySeconds',
    value: Math.max(0, Math.round(seconds * 1e6) / 1e6),
    labels: { endpoint },
  };
  if (failed) line.error = true;
  const bytes = Buffer.from(`${torn ? '\n' : ''}${toJson(line)}\n`);
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    torn = writeSync(fd, bytes) < bytes.length; // a disk that is nearly full takes half a line
  } finally {
    closeSync(fd);
  }
}

module.exports = { appendRequest, endpointOf };
