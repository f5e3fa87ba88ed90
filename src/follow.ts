import { formatProblems, type Loaded } from './config/problems.ts';
import { FILE_NAME } from './config/source.ts';
import { watchSettings } from './config/watch.ts';
import { messageOf } from './errors.ts';
import { type Following, followRequests, type RequestParts } from './follow-requests.ts';
import type { Reporter } from './glossary/reporter.ts';
import type { Settings } from './glossary/settings.ts';
import { Changes, type Watched } from './trigger/changes.ts';

export interface FollowOptions extends RequestParts {
  settings: Settings;
  /**
   * Takes changed settings over.
   *
   * @param superseded aborted when later ones have come
   * @returns false where those came before these could be taken over
   */
  onSettings(settings: Settings, superseded: AbortSignal): Promise<boolean>;
}

/** Watches all that a running supervisor reacts to beside the clock: its configuration, the modules' files, requests. */
export async function follow(options: FollowOptions): Promise<Following> {
  const { supervisor, settings, reporter } = options;
  const changes = new Changes(settings.root, modules => {
    try {
      supervisor.trigger(modules, 'change');
      return true;
    } catch (error) {
      reporter.warn(`a change could not be followed, and is tried again: ${messageOf(error)}`);
      return false;
    }
  });
  let turn: Promise<void> = Promise.resolve();
  let newest = new AbortController();
  const onEdit = (loaded: Loaded): void => {
    if (loaded.ok) {
      newest.abort();
      newest = new AbortController();
      const { signal } = newest;
      turn = turn.then(() => (signal.aborted ? undefined : takeOver(loaded, signal, changes, options)));
    } else tellBad(loaded, reporter);
  };
  const edits = watchSettings(settings.root, onEdit, { current: settings });
  const requests = await followRequests(options);
  const stop = async (): Promise<void> => {
    await Promise.all([edits.stop(), requests.stop()]);
    await turn;
    await changes.stop();
  };
  try {
    await Promise.all([changes.start(watchedBy(settings)), edits.ready]);
  } catch (error) {
    await stop(); // what watches already would keep the process from ending
    throw error;
  }
  reporter.info(
    `watching ${settings.root}: ${settings.modules.length} module(s), ${settings.services.length} service(s)`,
  );
  return { stop };
}

type Bad = Extract<Loaded, { ok: false }>;
type Good = Extract<Loaded, { ok: true }>;

/** At once: a good edit before it may still be waiting for a module that hangs. */
function tellBad({ problems }: Bad, reporter: Reporter): void {
  reporter.warn(
    `the change is not taken over, the old configuration stays:\n${formatProblems(FILE_NAME, problems)}`,
  );
}

async function takeOver(
  loaded: Good,
  superseded: AbortSignal,
  changes: Changes,
  { reporter, onSettings }: FollowOptions,
): Promise<void> {
  for (const warning of loaded.warnings) reporter.warn(formatProblems(FILE_NAME, [warning])); // `warn` itself says that it is one
  try {
    if (!(await onSettings(loaded.settings, superseded))) return;
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
