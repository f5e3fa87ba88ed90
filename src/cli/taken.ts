import type { TextStream } from './terminal.ts';

/** Waits until a pipe has taken what was written to it, so that no more than a batch is held for a slow reader. */
export async function taken(stdout: TextStream): Promise<void> {
  if (stdout.writableNeedDrain !== true) return;
  await new Promise<void>(resolve => void stdout.write('', () => resolve())); // called as well where the reader went away
}
