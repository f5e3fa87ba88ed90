import fc from 'fast-check';

/**
 * The same inputs at each run: what fails, fails again, and what passes here passes elsewhere. `npm run test:fuzz`
 * looks for new ones; WATCHKEEPER_FUZZ_SEED begins with the seed that a failure has named.
 */
const SEED = 20_261_129;

fc.configureGlobal({ seed: wholeNumber('WATCHKEEPER_FUZZ_SEED') ?? SEED });

/** The number in a variable of the environment; null: there is none. */
export function wholeNumber(variable: string): number | null {
  const text = process.env[variable];
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${variable} wants a whole number, not '${text}'`);
  return value;
}

export { fc };
