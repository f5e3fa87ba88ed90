import type { TestContext } from 'node:test';
import { ulid } from 'ulid';
import { openMailbox } from '../../src/mailbox.ts';
import { type Ended, start } from './supervisor.ts';
import { until } from './until.ts';

/**
 * One iteration of all modules a step, in one supervisor: the first one at its start, each further one on request. Has the effect of a
 * `once` a step, at a tenth of its cost. The modules must have no schedule of their own.
 *
 * @param prepare is called before each iteration, with its step
 */
export async function iterate<T>(
  t: TestContext,
  root: string,
  steps: readonly T[],
  prepare: (step: T) => void,
  env?: Record<string, string>,
): Promise<Ended> {
  const [first, ...more] = steps;
  if (first === undefined) throw new Error('no step: nothing to iterate');
  prepare(first);
  const supervisor = start(t, root, ['run'], env);
  const ended = () => supervisor.stdout().match(/iteration \d+: /g)?.length ?? 0;
  await until('the first iteration has ended', () => ended() === 1 || supervisor.process.exitCode !== null);
  for (const step of more) {
    prepare(step);
    await requested(root);
  }
  return supervisor.stop();
}

async function requested(root: string): Promise<void> {
  const mailbox = openMailbox(root);
  const id = ulid();
  mailbox.send({ id, modules: [], wait: true });
  await until('the iteration that was asked for has ended', () => mailbox.answer(id)?.state === 'ended');
  mailbox.withdraw(id);
}
