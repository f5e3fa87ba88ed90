import { loadSettings } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import { EXIT } from '../errors.ts';
import type { Schedule, Settings } from '../types.ts';
import type { CliCommand } from './command.ts';
import { table } from './format.ts';

export const validate: CliCommand = async context => {
  const loaded = await loadSettings(context.root);
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  if (context.json) context.stdout.write(`${JSON.stringify({ valid: loaded.ok, problems }, null, 2)}\n`);
  else if (problems.length > 0) context.stderr.write(`${formatProblems('watchkeeper.yaml', problems)}\n`);
  if (!loaded.ok) return EXIT.usage;
  if (!context.json) context.stdout.write(`${overview(loaded.settings).join('\n')}\n`);
  return EXIT.done;
};

function overview(settings: Settings): string[] {
  const modules = settings.modules.map(module => [
    `  ${module.name}`,
    module.schedule === null ? '' : scheduleText(module.schedule),
    module.after.length > 0 ? `after ${module.after.join(', ')}` : '',
  ]);
  const services = settings.services.map(service => `  ${service.name}  (service)`);
  return ['watchkeeper.yaml is valid', ...table(modules, 3), ...services];
}

function scheduleText(schedule: Schedule): string {
  return schedule.kind === 'cron'
    ? `${schedule.expression} (${schedule.timezone})`
    : `every ${schedule.intervalMs / 1000} s`;
}
