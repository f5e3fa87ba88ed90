/** Where the training thread begins: plain JavaScript that makes the rest readable first, also in an installed package. */
import { stripOwnTypes } from '../own-types.mjs';

stripOwnTypes();
await import('./worker.ts');
