import { ruleFor } from '../../src/config/rules.ts';
import type { ModuleState } from '../../src/glossary/judgement.ts';
import { BASE_METRICS, type Run } from '../../src/glossary/run.ts';
import type { ModuleSettings, Settings } from '../../src/glossary/settings.ts';
import { judgeRun } from '../../src/judge.ts';
import type { Facts, IncidentFacts, ModuleFacts } from '../../src/recommend/facts.ts';
import type { Finding } from '../../src/recommend/finding.ts';
import { recommendationsFor } from '../../src/recommend/findings.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';
import { module as moduleSettings, settingsOf } from '../supervise/played.ts';

export const START_MS = Date.UTC(2026, 10, 1);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Every minute, a timeout and a retry: what a sensible user sets for runs of a few seconds. */
const SENSIBLE = {
  schedule: { kind: 'every', intervalMs: MINUTE_MS },
  timeoutMs: 2 * MINUTE_MS,
  retries: 1,
  retryDelayMs: 1_000,
} as const;

/** One run of `a`, in the iteration of its number and a minute after the one before, as far as nothing else is said. */
export function runOf(index: number, part: Partial<Run> = {}, everyMs = MINUTE_MS): Run {
  const runtimeSeconds = part.runtimeSeconds === undefined ? 5 : part.runtimeSeconds;
  const startMs = part.startedAt === undefined ? START_MS + index * everyMs : Date.parse(part.startedAt);
  return {
    ...NOTHING_FURTHER,
    ...{ id: `run-${index}`, module: 'a', iteration: index + 1, trigger: 'schedule', attempt: 1 },
    ...{ outcome: 'ok', exitCode: 0, signal: null, reason: null, revision: null },
    ...{ cpuSeconds: 1, cpuPercent: 20, memoryMb: 80, apiLatencySeconds: null, api: null, custom: {} },
    runtimeSeconds,
    startedAt: new Date(startMs).toISOString(),
    endedAt: new Date(startMs + 1000 * (runtimeSeconds ?? 0)).toISOString(),
    ...part,
  };
}

export function runsOf(
  count: number,
  part: (index: number) => Partial<Run> = () => ({}),
  everyMs = MINUTE_MS,
): Run[] {
  return Array.from({ length: count }, (_, index) => runOf(index, part(index), everyMs));
}

/** A task that failed at first: the attempts of one iteration, of which only the last may have succeeded. */
export function retried(index: number, attempts: number, succeeds: boolean, part: Partial<Run> = {}): Run[] {
  return Array.from({ length: attempts }, (_, number) => {
    const isGood = succeeds && number === attempts - 1;
    const startedAt = new Date(START_MS + index * MINUTE_MS + number * 8_000).toISOString();
    const kind = { attempt: number + 1, trigger: number === 0 ? ('schedule' as const) : ('retry' as const) };
    return runOf(index, {
      ...part,
      ...kind,
      id: `run-${index}-${number}`,
      startedAt,
      outcome: isGood ? 'ok' : 'error',
    });
  });
}

export interface Given {
  name?: string;
  runs: Run[];
  settings?: Partial<ModuleSettings>;
  facts?: Partial<ModuleFacts>;
}

export function factsWith(
  modules: Given[],
  workspace: Partial<Settings> = {},
  more: Partial<Facts> = {},
): Facts {
  const settings: Settings = {
    ...settingsOf(
      modules.map(({ name = 'a', settings: own }) => moduleSettings(name, { ...SENSIBLE, ...own })),
    ),
    ...workspace,
  };
  return {
    nowMs: START_MS + 30 * DAY_MS,
    settings,
    modules: modules.map(({ name = 'a', runs, facts }) => ({
      name,
      runs: runs.map(run => ({ ...run, module: name })),
      misses: 0,
      incidents: [],
      changes: [],
      rules: Object.fromEntries(
        [...BASE_METRICS, 'rows'].map(metric => [metric, ruleFor(settings.detection, name, metric)]),
      ),
      ...facts,
    })),
    services: [],
    forecasts: [],
    machine: { cores: 2, diskFreeMb: 50_000 },
    ...more,
  };
}

/** What is found for one module with these runs. */
export function found(runs: Run[], given: Omit<Given, 'runs'> = {}): Finding[] {
  return recommendationsFor(factsWith([{ ...given, runs }]));
}

export function ids(findings: Finding[]): string[] {
  return findings.map(({ id }) => id);
}

/** The incidents that the rule makes of runs, each as sure as is said. */
export function incidentsOf(runs: Run[], settings: Settings, confidence: number | null): IncidentFacts[] {
  let state: ModuleState = {};
  const incidents = new Map<string, IncidentFacts>();
  for (const run of runs) {
    const judged = judgeRun(
      state,
      run,
      metric => ruleFor(settings.detection, 'a', metric),
      ({ id }, metric) => `${id}-${metric}`,
    );
    state = judged.state;
    for (const event of judged.events) {
      const {
        incident: id,
        module,
        metric,
        direction,
        baseline,
        value,
        deviationPercent,
        iteration,
        runsOpen,
        time,
      } = event;
      const before = incidents.get(id);
      const status = event.event === 'anomaly' ? ('open' as const) : event.event;
      const endedAt = event.event === 'anomaly' ? null : time;
      const opened = { id, module, metric, direction, baseline, value, deviationPercent, iteration };
      const base = before ?? { ...opened, run: event.run, openedAt: time, confidence, lastValue: value };
      incidents.set(id, { ...base, status, runsOpen, endedAt, lastValue: value });
    }
  }
  return [...incidents.values()];
}

/** Around a level, with a coefficient of variation in percent; log-normal, as runtimes are. */
export function noisy(seed: number, count: number, level: number, cvPercent: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => level * Math.exp((cvPercent / 100) * gaussian(random)));
}
