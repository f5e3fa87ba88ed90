import { requireModules } from '../config/known-modules.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { isDone } from '../summary.ts';
import type { CliCommand } from './command.ts';
import { supervised } from './supervised.ts';

export const once: CliCommand = async (context, args) => {
  return supervised(context, 1, async ({ supervisor, fatal }, settings, stopped): Promise<ExitCode> => {
    const modules = requireModules(settings, args);
    if (settings.modules.length === 0) {
      context.stderr.write('there is nothing to run: watchkeeper.yaml has no modules\n');
      return EXIT.done;
    }
    await Promise.race([supervisor.open(), stopped]);
    const { ended } = modules.length > 0 ? supervisor.trigger(modules, 'manual') : supervisor.all('manual');
    const summary = await Promise.race([ended, fatal]);
    return summary !== null && isDone(summary) ? EXIT.done : EXIT.failed;
  });
};
