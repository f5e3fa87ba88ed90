import { setFlagsFromString } from 'node:v8';

/**
 * For a command that answers a question and ends: the young generation may grow, which `supervisor.ts` has switched off. It takes a sixth
 * less time so.
 */
export function overSoon(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
