import { type ChangedSetting, changeSettings } from '../config/edit.ts';
import { requireModuleOrService } from '../config/known-modules.ts';
import { pathText } from '../config/problems.ts';
import { FILE_NAME } from '../config/source.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { openToShow, supervisorOf } from '../reading.ts';
import type { Change, Finding } from '../recommend/finding.ts';
import { recommendationsOf } from '../reporting.ts';
import type { CliCommand, Context } from './command.ts';
import { overSoon } from './over-soon.ts';
import { plain } from './plain.ts';
import { requireSettings } from './settings.ts';
import { colorsFor } from './terminal.ts';

/** What could be better, from what the runs show; with `--apply` the settings are changed. */
export const recommend: CliCommand = async (context, _args, options) => {
  const { module, apply } = options as { module?: string; apply?: true | string[] };
  overSoon();
  const findings = await findingsFor(context, module);
  const wanted = apply === undefined ? [] : chosen(findings, apply);
  const changes = wanted.flatMap(({ change }) => (change === null ? [] : [change]));
  const changed = changes.length === 0 ? [] : await changeSettings(context.root, changes);
  if (context.json) {
    const applied = apply === undefined ? null : changed;
    context.stdout.write(`${JSON.stringify({ findings, applied }, null, 2)}\n`);
  } else if (apply === undefined) show(context, findings, module);
  else tellChanged(context, changed);
  return EXIT.done;
};

async function findingsFor(context: Context, module: string | undefined): Promise<Finding[]> {
  const settings = await requireSettings(context);
  const store = await openToShow(context.root);
  try {
    if (module !== undefined) await requireModuleOrService(context.root, store.moduleNames(), module);
    const all = recommendationsOf(store, settings, Date.now());
    return module === undefined ? all : all.filter(finding => finding.module === module);
  } finally {
    store.close();
  }
}

/** The findings with these ids, or all that have a change. */
function chosen(findings: readonly Finding[], apply: true | string[]): Finding[] {
  if (apply === true) return findings.filter(({ change }) => change !== null);
  return [...new Set(apply)].map(id => {
    const finding = findings.find(each => each.id === id);
    if (finding === undefined) throw unknownId(findings, id);
    if (finding.change !== null) return finding;
    throw new WatchkeeperError('usage', `${id} is not about a setting: ${finding.advice}`);
  });
}

function unknownId(findings: readonly Finding[], id: string): WatchkeeperError {
  const known = findings.filter(({ change }) => change !== null).map(each => each.id);
  const hint =
    known.length === 0 ? 'there is nothing to apply' : `those that can be applied are ${known.join(', ')}`;
  return new WatchkeeperError('usage', `there is no finding '${id}' now: ${hint}`);
}

function show({ stdout, env }: Context, findings: readonly Finding[], module: string | undefined): void {
  if (findings.length === 0) {
    stdout.write(
      'nothing to recommend: what the history shows is as it should be, or it is too short to say\n',
    );
    return;
  }
  const colors = colorsFor(stdout, env);
  const paint = { critical: colors.red, warning: colors.yellow, info: colors.cyan };
  for (const finding of findings) {
    const { severity, id } = finding;
    const lines = textOf(finding).map(line => `  ${plain(line)}\n`);
    stdout.write(`${paint[severity](severity)}  ${plain(id)}\n${lines.join('')}\n`);
  }
  const count = findings.filter(({ change }) => change !== null).length;
  const changes = count === 1 ? 'this change' : `all ${count} changes, or those that are named`;
  const only = module === undefined ? '' : ` --module ${module}`; // without it all modules would be changed
  if (count > 0) stdout.write(`\`watchkeeper recommend${only} --apply [ID...]\` makes ${changes}\n`);
}

function textOf({ title, advice, evidence, change }: Finding): string[] {
  const { count, of, from, to } = evidence;
  const range = from === null ? (to ?? '') : from === to ? from : `${from} to ${to}`;
  return [
    title,
    advice,
    `seen in ${count} ${of}${range === '' ? '' : `, ${range}`}`,
    ...(change === null ? [] : [changeText(change)]),
  ];
}

function changeText({ path, from, to }: Change): string {
  return `${pathText(path)}: ${from ?? 'not set'} -> ${to}`;
}

/** A small diff, of the settings alone: what else stands in their lines may be a secret. */
function tellChanged({ stdout, env, root }: Context, changed: readonly ChangedSetting[]): void {
  if (changed.length === 0) {
    stdout.write('nothing to change\n');
    return;
  }
  const colors = colorsFor(stdout, env);
  for (const { path, line, from, to } of changed) {
    stdout.write(`${FILE_NAME}:${line ?? '?'}  ${plain(pathText(path))}\n`);
    if (from !== null) stdout.write(colors.red(`- ${plain(valueText(from))}\n`));
    stdout.write(colors.green(`+ ${plain(valueText(to))}\n`));
  }
  const supervisor = supervisorOf(root);
  const effect =
    supervisor === null
      ? 'in effect at the next start'
      : `the running supervisor (process ${supervisor.pid}) takes it over at once`;
  stdout.write(`\n${changed.length} setting(s) changed; ${effect}\n`);
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
