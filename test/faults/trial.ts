import type { Run } from '../../src/glossary/run.ts';
import type { Command } from '../helpers/supervisor.ts';
import type { Workspace } from '../helpers/workspace.ts';
import { type Counts, type FaultContext, type Outcome, outcome } from './fault.ts';
import { Witness, type WitnessOptions } from './invariants.ts';
import type { StartOptions } from './program.ts';
import { runsIn } from './told.ts';

/** A workspace whose modules behave badly, and who watches what becomes of it. */
export interface Trial {
  workspace: Workspace;
  witness: Witness;
}

interface Part {
  command: string | string[];
  [key: string]: unknown;
}

interface TrialSettings extends WitnessOptions {
  modules: Record<string, Part>;
  services?: Record<string, Part>;
  /** Further keys of watchkeeper.yaml. */
  more?: Record<string, unknown>;
  files?: Record<string, string>;
}

/** Nothing runs by the clock, unless a module says so itself. */
export function trial(context: FaultContext, settings: TrialSettings): Trial {
  const { modules, services = {}, more = {}, files = {}, ...options } = settings;
  const git = { commitOn: ['ok', 'recovered', 'persisted', 'anomaly', 'error'] };
  const yaml = { schedule: 'every 24h', history: { runs: 10_000 }, git, ...more, modules, services };
  // JSON is YAML too.
  const workspace = context.workspace({ ...files, 'watchkeeper.yaml': `${JSON.stringify(yaml, null, 1)}\n` });
  return { workspace, witness: new Witness(workspace, options) };
}

/** A module (or service) that is a text for the shell. */
export function shell(text: string, more: Omit<Part, 'command'> = {}): Part {
  return { command: text, shell: true, killGrace: '500ms', ...more };
}

export interface Seen {
  code: number | null;
  signal: string | null;
  stderr: string;
  /** In the order in which they ended. */
  runs: Run[];
}

/** `once` to its end: all modules, or the named ones. */
export async function once(
  context: FaultContext,
  { workspace, witness }: Trial,
  names: string[] = [],
  options: StartOptions = {},
): Promise<Seen> {
  const command = context.start(workspace.root, ['once', ...names, '--json'], options);
  const { code, signal, stdout, stderr } = await command.ended;
  witness.hear(stdout);
  witness.look();
  return { code, signal, stderr, runs: runsIn(stdout) };
}

/** The orderly end of a supervisor. */
export async function stopped(supervisor: Command, { witness }: Trial): Promise<Seen> {
  const { code, signal, stdout, stderr } = await supervisor.stop();
  witness.hear(stdout);
  return { code, signal, stderr, runs: runsIn(stdout) };
}

/** When each run was told of, in ms since 1970, by id. */
export function toldAt(supervisor: Command): Map<string, number> {
  const times = new Map<string, number>();
  supervisor.process.stdout?.on('data', () => {
    for (const { id } of runsIn(supervisor.stdout())) if (!times.has(id)) times.set(id, Date.now());
  });
  return times;
}

/** In words what is different about the one run of a module. */
export function unlike(runs: Run[], module: string, expected: Partial<Run>): string[] {
  const own = runs.filter(run => run.module === module);
  const [run] = own;
  if (run === undefined || own.length > 1) return [`${module} has ${own.length} runs`];
  return Object.entries(expected).flatMap(([key, value]) => {
    const found = run[key as keyof Run];
    return found === value
      ? []
      : [`${module}: ${key} is ${JSON.stringify(found)}, not ${JSON.stringify(value)}`];
  });
}

export async function conclude(
  { witness }: Trial,
  problems: string[],
  happened: string,
  counts: Partial<Counts> = {},
): Promise<Outcome> {
  const verdict = await witness.verdict();
  return outcome([...problems, ...verdict.problems], happened, { ...verdict.counts, ...counts });
}
