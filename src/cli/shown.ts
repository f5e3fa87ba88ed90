import type { ExitCode } from '../errors.ts';
import { openToShow } from '../reading.ts';
import type { Store } from '../store/store.ts';
import type { Context } from './command.ts';
import { overSoon } from './over-soon.ts';
import { plain } from './plain.ts';
import { widthOf } from './table.ts';

/** What a question is answered with: one document for programs, lines for people, and how the command ends. */
export interface Shown<Answer> {
  answer: Answer;
  /** @param width what a table has room for, in characters */
  lines(answer: Answer, width: number): string[];
  exit: ExitCode;
}

/** Asks the workspace's store and shows the answer. */
export async function shown<Answer>(
  context: Context,
  ask: (store: Store) => Shown<Answer> | Promise<Shown<Answer>>,
): Promise<ExitCode> {
  overSoon();
  const store = await openToShow(context.root);
  try {
    return show(context, await ask(store));
  } finally {
    store.close();
  }
}

/** One JSON document with `--json`, else lines of text. */
export function show<Answer>({ json, stdout }: Context, { answer, lines, exit }: Shown<Answer>): ExitCode {
  const text = json ? JSON.stringify(answer, null, 2) : lines(answer, widthOf(stdout)).map(plain).join('\n');
  stdout.write(`${text}\n`);
  return exit;
}
