import { loadSettings } from '../config/load.ts';
import { formatProblems, formatWarnings, type Loaded, type Problem } from '../config/problems.ts';
import { FILE_NAME } from '../config/source.ts';
import { EXIT } from '../errors.ts';
import type { Settings } from '../glossary/settings.ts';
import { scheduleText } from '../schedule-text.ts';
import type { CliCommand, Context } from './command.ts';
import { plain } from './plain.ts';
import { table, widthOf } from './table.ts';

export const validate: CliCommand = async context => {
  const loaded = await loadSettings(context.root);
  if (context.json) context.stdout.write(`${JSON.stringify(facts(loaded), null, 2)}\n`);
  else tell(context, loaded);
  return loaded.ok ? EXIT.done : EXIT.usage;
};

/** One list for both kinds: what is read by a program is looked through once. */
function facts(loaded: Loaded): { valid: boolean; problems: (Problem & { severity: string })[] } {
  const [severity, found] = loaded.ok ? ['warning', loaded.warnings] : ['problem', loaded.problems];
  return { valid: loaded.ok, problems: found.map(problem => ({ severity, ...problem })) };
}

function tell({ stdout, stderr }: Context, loaded: Loaded): void {
  if (!loaded.ok) {
    stderr.write(`${plain(formatProblems(FILE_NAME, loaded.problems))}\n`);
    return;
  }
  if (loaded.warnings.length > 0) stderr.write(`${formatWarnings(FILE_NAME, loaded.warnings)}\n`);
  stdout.write(`${overview(loaded.settings, widthOf(stdout)).join('\n')}\n`);
}

function overview(settings: Settings, width: number): string[] {
  const modules = settings.modules.map(module => [
    `  ${module.name}`,
    module.schedule === null ? '' : scheduleText(module.schedule),
    module.after.length > 0 ? `after ${module.after.join(', ')}` : '',
  ]);
  const services = settings.services.map(service => `  ${service.name}  (service)`);
  return ['watchkeeper.yaml is valid', ...table(modules, 3, width), ...services];
}
