import { EXIT } from '../errors.ts';
import type { CliCommand } from './command.ts';
import { countOption } from './duration.ts';
import { supervised } from './supervised.ts';

export const run: CliCommand = async (context, _args, options) => {
  const given = options['iterations'];
  const iterations = typeof given === 'string' ? countOption('--iterations', given) : null;
  return supervised(context, iterations, async ({ supervisor, fatal, follow }, _settings, stopped) => {
    await Promise.race([supervisor.open(), stopped]);
    await follow();
    supervisor.start();
    await Promise.race([stopped, fatal, supervisor.finished()]);
    return EXIT.done;
  });
};
