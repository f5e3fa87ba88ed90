import { EXIT, type ExitCode } from '../errors.ts';
import { failedRuns } from '../summary.ts';
import type { CliCommand } from './command.ts';
import { requireModules } from './settings.ts';
import { supervised } from './supervised.ts';

export const once: CliCommand = async (context, args) => {
  return supervised(context, 1, async ({ supervisor, fatal }, settings, stopped): Promise<ExitCode> => {
    const modules = requireModules(settings, args);
    await Promise.race([supervisor.open(), stopped]);
    const { ended } = modules.length > 0 ? supervisor.trigger(modules, 'manual') : supervisor.all('manual');
    const summary = await Promise.race([ended, fatal]);
    return summary === null || failedRuns(summary.runs).length > 0 ? EXIT.failed : EXIT.done;
  });
};
