import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { EXIT, type ExitCode, WatchkeeperError } from '../errors.ts';
import { openMailbox } from '../mailbox.ts';
import { supervisorOf } from '../reading.ts';
import type { Mailbox, TriggerAnswer } from '../trigger/requests.ts';
import type { CliCommand, Context } from './command.ts';
import { requireModules, requireSettings } from './settings.ts';

const POLL_MS = 50;

export const trigger: CliCommand = async (context, args, options) => {
  const modules = requireModules(await requireSettings(context), args);
  requireSupervisor(context);
  const mailbox = openMailbox(context.root);
  const id = ulid();
  mailbox.send({ id, modules });
  try {
    return await outcomeOf(context, mailbox, id, options['wait'] === true);
  } finally {
    mailbox.withdraw(id);
  }
};

/** Waits for the answer (with `--wait` for the last one), and tells it. */
async function outcomeOf(context: Context, mailbox: Mailbox, id: string, wait: boolean): Promise<ExitCode> {
  for (;;) {
    const answer = mailbox.answer(id);
    const last = answer !== null && (answer.state !== 'accepted' || !wait || answer.iteration === null);
    if (last) return tell(context, answer);
    requireSupervisor(context);
    await sleep(POLL_MS);
  }
}

function tell(context: Context, answer: TriggerAnswer): ExitCode {
  if (answer.state === 'refused') throw new WatchkeeperError('usage', answer.message);
  if (context.json) context.stdout.write(`${JSON.stringify(answer)}\n`);
  else context.stdout.write(`${sentence(answer)}\n`);
  const failed = answer.state === 'ended' ? answer.failed : answer.iteration === null;
  return failed ? EXIT.failed : EXIT.done;
}

function sentence(answer: Exclude<TriggerAnswer, { state: 'refused' }>): string {
  if (answer.state === 'ended') return `iteration ${answer.iteration}: ${answer.message}`;
  const missed =
    answer.missed.length > 0 ? `still running, not started twice: ${answer.missed.join(', ')}` : '';
  return answer.iteration === null
    ? missed
    : [`iteration ${answer.iteration} has started`, missed].filter(Boolean).join('; ');
}

function requireSupervisor(context: Context): void {
  if (supervisorOf(context.root) !== null) return;
  throw new WatchkeeperError(
    'usage',
    `no supervisor is running in ${context.root}: start one with \`watchkeeper run\`, or use \`watchkeeper once\``,
  );
}
