/**
 * What `import { openWorkspace } from 'watchkeeper'` gives: plain JavaScript, since an installed package has to take the types out of
 * its own files first.
 */
import { isTooOld, OLDEST_MAJOR } from './oldest-node.mjs';

if (isTooOld)
  throw new Error(
    `watchkeeper: this is Node ${process.versions.node}, and Node ${OLDEST_MAJOR} is needed. One has come with the package: run your program as \`npx node PROGRAM\``,
  );

const { stripOwnTypes } = await import('./own-types.mjs'); // an older Node could not even read it
stripOwnTypes();
const { openWorkspace } = await import('./workspace.ts');
const { WatchkeeperError } = await import('./errors.ts');

export { openWorkspace, WatchkeeperError };
