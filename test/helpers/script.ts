/**
 * What the arguments of a script ask for. Null where that is answered already: with the usage where they ask for `help`, else
 * with what is wrong, the usage and exit code 2.
 *
 * @param parse gives what is asked for; throws, or gives words, where something is wrong with it
 */
export function understood<T extends object>(usage: string, parse: () => T | string): T | null {
  const asked = orWords(parse);
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
  if (!('help' in asked) || asked.help !== true) return asked;
  process.stdout.write(usage);
  return null;
}

function orWords<T>(parse: () => T | string): T | string {
  try {
    return parse();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
