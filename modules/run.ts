/** An expected failure: its message says what to do next, and no stack is shown. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** Runs a module's main function. A failure is told on stderr and becomes exit code 1. */
export async function runModule(name: string, main: () => Promise<void> | void): Promise<void> {
  try {
    await main();
  } catch (error) {
    const text = error instanceof Error && !(error instanceof Problem) ? error.stack : messageOf(error);
    process.stderr.write(`${name}: ${text}\n`);
    process.exitCode = 1;
  }
}

/** One line on stdout; the supervisor keeps it in `logs/<module>.log`. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
