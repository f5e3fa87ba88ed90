/**
 * What `import { openWorkspace } from 'watchkeeper'` gives: plain JavaScript, since an installed package has to take the types out of
 * its own files first.
 */
import { stripOwnTypes } from './own-types.mjs';

stripOwnTypes();
const { openWorkspace } = await import('./workspace.ts');
const { WatchkeeperError } = await import('./errors.ts');

export { openWorkspace, WatchkeeperError };
