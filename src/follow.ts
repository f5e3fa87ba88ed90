import { watch } from 'chokidar';
import { formatProblems, type Loaded } from './config/problems.ts';
import { FILE_NAME } from './config/source.ts';
import { watchSettings } from './config/watch.ts';
import { messageOf } from './errors.ts';
import { ensureFolder } from './store/folders.ts';
import { isDone } from './summary.ts';
import type { Supervisor } from './supervise.ts';
import { Changes, type Watched } from './trigger/changes.ts';
import type { Mailbox, TriggerRequest } from './trigger/requests.ts';
import type { Reporter, Settings } from './types.ts';

const RESCAN_MS = 30_000;

export interface FollowOptions {
  supervisor: Supervisor;
  settings: Settings;
  mailbox: Mailbox;
  reporter: Reporter;
  /** Takes changed settings over. */
  onSettings(settings: Settings): Promise<void>;
}

export interface Following {
  stop(): Promise<void>;
}

/** Watches all that a running supervisor reacts to beside the clock: its configuration, the modules' files, requests. */
export async function follow(options: FollowOptions): Promise<Following> {
  const { supervisor, settings, reporter } = options;
  const onChange = (modules: string[]): void => void supervisor.trigger(modules, 'change');
  const changes = new Changes(settings.root, guarded(reporter, 'a change could not be followed', onChange));
  let turn: Promise<void> = Promise.resolve();
  const onEdit = (loaded: Loaded): void => {
    turn = turn.then(() => takeOver(loaded, changes, options));
  };
  const edits = watchSettings(settings.root, onEdit, { current: settings });
  const requests = await followRequests(options);
  await Promise.all([changes.start(watchedBy(settings)), edits.ready]);
  reporter.info(
    `watching ${settings.root}: ${settings.modules.length} module(s), ${settings.services.length} service(s)`,
  );
  return {
    async stop() {
      await Promise.all([edits.stop(), requests.stop()]);
      await turn;
      await changes.stop();
    },
  };
}

async function takeOver(
  loaded: Loaded,
  changes: Changes,
  { reporter, onSettings }: FollowOptions,
): Promise<void> {
  if (!loaded.ok) {
    reporter.warn(
      `the change is not taken over, the old configuration stays:\n${formatProblems(FILE_NAME, loaded.problems)}`,
    );
    return;
  }
  if (loaded.warnings.length > 0) reporter.warn(formatProblems(FILE_NAME, loaded.warnings));
  try {
    await onSettings(loaded.settings);
    await changes.stop();
    await changes.start(watchedBy(loaded.settings));
    reporter.info(`${FILE_NAME} has changed and is in effect`);
  } catch (error) {
    reporter.warn(`the change of ${FILE_NAME} could not be taken over: ${messageOf(error)}`);
  }
}

function watchedBy({ modules }: Settings): Watched[] {
  return modules.map(({ name, watch: globs }) => ({ module: name, globs }));
}

/** The file system's events are hints; every 30 s it looks without one. */
async function followRequests({ mailbox, supervisor, reporter }: FollowOptions): Promise<Following> {
  const onBad = (file: string, problem: string): void =>
    reporter.warn(`${file} is no request, and was removed: ${problem}`);
  const look = guarded(reporter, 'requests of `trigger` cannot be read', () => {
    const aside = ensureFolder(mailbox.folder, Date.now());
    if (aside !== null) reporter.warn(`${mailbox.folder} was no folder: set aside as ${aside}`);
    for (const request of mailbox.receive(onBad)) void answer(request, mailbox, supervisor, reporter);
  });
  look();
  const watcher = watch(mailbox.folder, { ignoreInitial: true, depth: 0, followSymlinks: false });
  watcher.on('all', look);
  watcher.on('error', () => undefined); // a folder that went away: the rescan goes on
  await new Promise<void>(resolve => watcher.once('ready', resolve).once('error', () => resolve()));
  mailbox.sweep(Date.now());
  look();
  const rescan = setInterval(look, RESCAN_MS);
  return {
    async stop() {
      clearInterval(rescan);
      await watcher.close();
    },
  };
}

async function answer(
  request: TriggerRequest,
  mailbox: Mailbox,
  supervisor: Supervisor,
  reporter: Reporter,
): Promise<void> {
  try {
    const unknown = supervisor.unknown(request.modules);
    if (unknown.length > 0) {
      return mailbox.reply(request.id, {
        state: 'refused',
        message: `there is no module ${unknown.join(', ')} in the running configuration`,
      });
    }
    const { iteration, missed, ended } = supervisor.trigger(request.modules, 'manual');
    mailbox.reply(request.id, { state: 'accepted', iteration, missed });
    const summary = await ended;
    if (summary === null) return;
    const failed = !isDone(summary);
    mailbox.reply(request.id, {
      state: 'ended',
      failed,
      message: summary.message,
      iteration: summary.iteration,
    });
  } catch (error) {
    reporter.warn(`the request ${request.id} could not be answered: ${messageOf(error)}`);
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
