import { watch } from 'chokidar';
import { messageOf } from './errors.ts';
import type { Reporter } from './glossary/reporter.ts';
import { ensureFolder } from './store/folders.ts';
import { isDone } from './summary.ts';
import type { Supervisor } from './supervise.ts';
import type { Mailbox, TriggerAnswer, TriggerRequest } from './trigger/requests.ts';

const RESCAN_MS = 30_000;

export interface RequestParts {
  supervisor: Supervisor;
  mailbox: Mailbox;
  reporter: Reporter;
}

export interface Following {
  stop(): Promise<void>;
}

/** Answers what `trigger` asks for. The file system's events are hints; every 30 s it looks without one. */
export async function followRequests(parts: RequestParts): Promise<Following> {
  const { mailbox, reporter } = parts;
  const onBad = (file: string, problem: string): void =>
    reporter.warn(`${file} is no request, and was removed: ${problem}`);
  const look = guarded(reporter, 'requests of `trigger` cannot be read', () => {
    const aside = ensureFolder(mailbox.folder, Date.now());
    if (aside !== null) reporter.warn(`${mailbox.folder} was no folder: set aside as ${aside}`);
    for (const request of mailbox.receive(onBad)) void answer(request, parts);
  });
  look();
  const watcher = watch(mailbox.folder, { ignoreInitial: true, depth: 0, followSymlinks: false });
  watcher.on('all', look);
  watcher.on('error', () => undefined); // a folder that went away: the rescan goes on
  await new Promise<void>(resolve => watcher.once('ready', resolve).once('error', () => resolve()));
  const sweep = guarded(reporter, 'old answers to `trigger` cannot be swept', () =>
    mailbox.sweep(Date.now()),
  );
  const lookAround = (): void => {
    sweep();
    look();
  };
  lookAround();
  const rescan = setInterval(lookAround, RESCAN_MS);
  return {
    async stop() {
      clearInterval(rescan);
      await watcher.close();
    },
  };
}

/** Starts what is asked for and says so; where somebody waits for it, says how it has ended as well. No request is left without an answer. */
async function answer(
  request: TriggerRequest,
  { mailbox, supervisor, reporter }: RequestParts,
): Promise<void> {
  const what = `the request ${request.id} could not be answered`;
  const reply = guarded(reporter, what, (words: TriggerAnswer) => mailbox.reply(request.id, words));
  const begun = begin(request, supervisor);
  reply(begun.answer);
  if (begun.started !== null && request.wait) reply(await endOf(begun.started));
}

type Started = ReturnType<Supervisor['trigger']> & { iteration: number };

function begin(
  { modules }: TriggerRequest,
  supervisor: Supervisor,
): { answer: TriggerAnswer; started: Started | null } {
  const refused = (message: string) => ({ answer: { state: 'refused', message } as const, started: null });
  const unknown = supervisor.unknown(modules);
  if (unknown.length > 0)
    return refused(`there is no module ${unknown.join(', ')} in the running configuration`);
  try {
    const started = modules.length > 0 ? supervisor.trigger(modules, 'manual') : supervisor.all('manual');
    const { iteration, missed } = started;
    if (iteration === null && missed.length === 0)
      return refused('the running supervisor is about to end and starts no more iterations');
    const answer = { state: 'accepted', iteration, missed } as const;
    return { answer, started: iteration === null ? null : { ...started, iteration } };
  } catch (error) {
    return refused(`the iteration could not be started: ${messageOf(error)}`);
  }
}

async function endOf({ ended, iteration, missed }: Started): Promise<TriggerAnswer> {
  const answer = { state: 'ended', iteration, missed } as const;
  try {
    const summary = await ended;
    if (summary === null)
      return { ...answer, failed: true, message: 'not run, because the supervisor was stopped' };
    return { ...answer, failed: !isDone(summary), message: summary.message };
  } catch (error) {
    return { ...answer, failed: true, message: `it could not be completed: ${messageOf(error)}` };
  }
}

/** What a watcher calls must not throw: nobody is there to catch it. What goes wrong is told, and the next call tries again. */
function guarded<Args extends unknown[]>(
  reporter: Reporter,
  what: string,
  act: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      act(...args);
    } catch (error) {
      reporter.warn(`${what}: ${messageOf(error)}`);
    }
  };
}
