import type { TestContext } from 'node:test';
import { fc, wholeNumber } from '../helpers/properties.ts';
import { watchOver } from './watchdog.ts';

/** Inputs of a property with the share 1, when nothing else is asked for. */
const ORDINARY = 400;

/** One input may take so long on a slow and busy machine; what takes longer hangs. */
const HANG_MS = 60_000;

export interface Share {
  /** How many of the usual number of inputs: less than 1 where one of them costs much. */
  share?: number;
  /** Inputs that are always tried, before the others. */
  always?: unknown[];
}

/**
 * Checks a property on many inputs. How many: WATCHKEEPER_FUZZ_RUNS, else 400, times the share. A failure says the smallest
 * input that was found, and the seed.
 *
 * An input that never comes to an end fails as well: where it waits, by a time limit; where it computes, a second
 * thread ends the process and says with which property and which seed it happened.
 */
export async function holds<Input>(
  t: TestContext,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
  { share = 1, always = [] }: Share = {},
): Promise<void> {
  const { seed } = fc.readConfigureGlobal();
  const asked = askedRuns();
  const numRuns = Math.max(1, Math.ceil((asked ?? ORDINARY) * share));
  const watched = watchOver(`${t.name} (seed ${seed}, ${numRuns} inputs)`, HANG_MS);
  const property = fc.asyncProperty(inputs, async input => {
    watched.alive();
    await check(input);
  });
  const examples = always.map(input => [input] as [Input]);
  try {
    await fc.assert(property, { numRuns, timeout: HANG_MS, examples });
  } finally {
    watched.end();
  }
  if (asked !== null) t.diagnostic(`${numRuns} inputs`);
}

/** How many inputs a property with the share 1 is to have; null: as many as in an ordinary test. */
export function askedRuns(): number | null {
  return wholeNumber('WATCHKEEPER_FUZZ_RUNS');
}
