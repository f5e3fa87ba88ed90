import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Run } from '../../../src/glossary/run.ts';
import type { Workspace } from '../../helpers/workspace.ts';
import { messageOfInvalid } from './schemas.ts';
import type { StoreContent } from './store.ts';

type PerformanceRun = Omit<Run, 'module' | 'reason' | Left> & Partial<Pick<Run, Left>> & { reason?: string };

interface Performance {
  historySize: number;
  modules: Record<
    string,
    { successCount: number; errorCount: number; restartCount: number; runs: PerformanceRun[] }
  >;
}

interface Status {
  iterations: number;
  lastRun: { module: string; outcome: string; endedAt: string } | null;
  anomalies: { open: number; list: { id: string }[] };
}

export function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null; // whoever asks says what is wrong
  }
}

/** What store and performance.json leave out of a run where it has none. */
type Left = keyof typeof LEFT_OUT;
const LEFT_OUT = {
  ...{ setupSeconds: null, cleanupSeconds: null, samplesPerSecond: null },
  ...{ diskReadMb: null, diskWrittenMb: null, contextSwitches: null, labels: {} },
};

/** A run's text for comparisons: the same whether it comes from the store, from performance.json or from the output. */
export function runText(run: Omit<Run, Left> & Partial<Pick<Run, Left>>): string {
  const whole = { ...LEFT_OUT, ...run };
  return JSON.stringify(Object.fromEntries(Object.entries(whole).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** By id. Nothing where the text is no performance.json, which `shapeProblems` tells. */
export function runsOfPerformance(text: string): Map<string, string> {
  const { modules = {} } = parsed<Performance>(text) ?? {};
  const runs = Object.entries(modules).flatMap(([module, { runs: own }]) =>
    own.map(run => ({ ...run, module, reason: run.reason ?? null })),
  );
  return new Map(runs.map(run => [run.id, runText(run)]));
}

/** What is there of the three files is whole and valid, at any moment; the log's last line may be under way. */
export function shapeProblems(workspace: Workspace): string[] {
  const json = (['performance', 'status'] as const).flatMap(name => {
    const text = textOf(workspace, `${name}.json`);
    if (text === null) return [];
    const value = parsed(text);
    return value === null ? [`${name}.json is no JSON`] : messageOfInvalid(name, value);
  });
  const log = textOf(workspace, 'anomalies.log') ?? '';
  const lines = log
    .slice(0, log.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean);
  const bad = lines.flatMap(line => {
    const value = parsed(line);
    return value === null
      ? [`anomalies.log holds ${line.slice(0, 80)}`]
      : messageOfInvalid('anomalies', value);
  });
  return [...json, ...bad];
}

/** The two JSON files say what the store says. */
export function filesProblems(workspace: Workspace, store: StoreContent): string[] {
  if (store.runs.size === 0) return [];
  const performance = parsed<Performance>(textOf(workspace, 'performance.json') ?? '');
  const status = parsed<Status>(textOf(workspace, 'status.json') ?? '');
  if (performance === null || status === null)
    return ['performance.json or status.json is missing or no JSON'];
  return [...performanceProblems(performance, store), ...statusProblems(status, store)];
}

function performanceProblems({ historySize, modules }: Performance, store: StoreContent): string[] {
  const problems = Object.keys(modules)
    .filter(name => !store.modules.has(name))
    .map(name => `performance.json has ${name}, the store has not`);
  for (const [name, counts] of store.modules) {
    const shown = modules[name];
    const expected = [...store.runs.values()].filter(({ module }) => module === name).slice(-historySize);
    if (shown === undefined) {
      problems.push(`performance.json does not have ${name}`);
      continue;
    }
    const texts = shown.runs.map(run => runText({ ...run, module: name, reason: run.reason ?? null }));
    if (
      !isDeepStrictEqual(
        texts,
        expected.map(({ text }) => text),
      )
    )
      problems.push(
        `performance.json has ${texts.length} runs of ${name}, not the ${expected.length} of the store`,
      );
    const { successCount, errorCount, restartCount } = shown;
    if (!isDeepStrictEqual({ successCount, errorCount, restartCount }, counts))
      problems.push(`performance.json counts ${name} otherwise than the store`);
  }
  return problems;
}

function statusProblems({ iterations, lastRun, anomalies }: Status, store: StoreContent): string[] {
  const last = [...store.runs.values()].at(-1);
  const open = [...store.openIncidents].sort();
  const shown = anomalies.list.map(({ id }) => id).sort();
  return [
    ...(iterations === store.iterations
      ? []
      : [`status.json: ${iterations} iterations, store: ${store.iterations}`]),
    ...(isDeepStrictEqual(open, shown) && anomalies.open === open.length
      ? []
      : [`status.json: ${anomalies.open} open incidents, store: ${open.length}`]),
    ...(lastRun?.endedAt === last?.endedAt && lastRun?.module === last?.module
      ? []
      : [`status.json: last run ${JSON.stringify(lastRun)}, store: ${last?.module} ${last?.endedAt}`]),
  ];
}

function textOf(workspace: Workspace, file: string): string | null {
  const path = workspace.path('data', file);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
