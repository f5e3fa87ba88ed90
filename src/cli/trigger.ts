import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { requireModules } from '../config/known-modules.ts';
import { EXIT, type ExitCode, WatchkeeperError } from '../errors.ts';
import { openMailbox } from '../mailbox.ts';
import { supervisorOf } from '../reading.ts';
import type { Mailbox, TriggerAnswer } from '../trigger/requests.ts';
import type { CliCommand, Context } from './command.ts';
import { requireSettings } from './settings.ts';

const POLL_MS = 50;

export const trigger: CliCommand = async (context, args, options) => {
  const modules = requireModules(await requireSettings(context), args);
  requireSupervisor(context);
  const mailbox = openMailbox(context.root);
  const id = ulid();
  const wait = options['wait'] === true;
  mailbox.send({ id, modules, wait });
  try {
    return await outcomeOf(context, mailbox, id, wait);
  } finally {
    mailbox.withdraw(id);
  }
};

/** Waits for the answer (with `--wait` for the last one), and tells it. */
async function outcomeOf(context: Context, mailbox: Mailbox, id: string, wait: boolean): Promise<ExitCode> {
  for (;;) {
    // Asked before the answer is read: the last thing that a supervisor does may be to answer.
    const isGone = supervisorOf(context.root) === null;
    const answer = mailbox.answer(id);
    const isLast = answer !== null && (answer.state !== 'accepted' || !wait || answer.iteration === null);
    if (isLast) return tell(context, answer);
    if (isGone) return tellGone(context, answer);
    await sleep(POLL_MS);
  }
}

function tell(context: Context, answer: TriggerAnswer): ExitCode {
  if (answer.state === 'refused') throw new WatchkeeperError('usage', answer.message);
  if (context.json) context.stdout.write(`${JSON.stringify(answer)}\n`);
  else context.stdout.write(`${sentence(answer)}\n`);
  const isDone =
    answer.state === 'ended' ? !answer.failed && answer.missed.length === 0 : answer.iteration !== null;
  return isDone ? EXIT.done : EXIT.failed;
}

function tellGone({ root, stderr }: Context, answer: TriggerAnswer | null): ExitCode {
  if (answer?.state !== 'accepted') throw noSupervisor(root);
  stderr.write(`the supervisor was ended before iteration ${answer.iteration} was over\n`);
  return EXIT.failed;
}

function sentence(answer: Exclude<TriggerAnswer, { state: 'refused' }>): string {
  const { iteration, missed } = answer;
  const parts = missed.length > 0 ? [`still running, not started twice: ${missed.join(', ')}`] : [];
  if (answer.state === 'ended') parts.unshift(`iteration ${iteration}: ${answer.message}`);
  else if (iteration !== null) parts.unshift(`iteration ${iteration} has started`);
  return parts.join('; ');
}

function requireSupervisor({ root }: Context): void {
  if (supervisorOf(root) === null) throw noSupervisor(root);
}

function noSupervisor(root: string): WatchkeeperError {
  return new WatchkeeperError(
    'usage',
    `no supervisor is running in ${root}: start one with \`watchkeeper run\`, or use \`watchkeeper once\``,
  );
}
