import { encodeTime } from 'ulid';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import type { Outcome, Run } from '../../src/glossary/run.ts';
import { roundedRun } from '../../src/rounding.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';

/** How long a made-up history is. */
export interface HistorySize {
  /** Of all modules together. */
  runs: number;
  modules: number;
  /** The runs are spread evenly over so many days. */
  days: number;
  /** Values of custom metrics, spread evenly over the runs; all of a run have names of their own. */
  customs: number;
  /** When the last iteration begins, in ms since 1970. */
  endMs: number;
}

/** A run, and what was written about it to the log. */
export interface HistoryRun {
  run: Run;
  events: AnomalyEvent[];
}

const DAY_MS = 86_400_000;
const SEED = 1;
/** One run in so many fails; one is slower by half, which is over with the next run of its module. */
const FAILS = 211;
const SPIKES = 997;
const SPIKE = 1.5;
/** After this share of the iterations everything is 20 % slower. */
const SHIFT = 0.8;
/** So many iterations have one revision. */
const REVISION_ITERATIONS = 500;

/** `module-01`, `module-02`, ... */
export function moduleNamesOf({ modules }: HistorySize): string[] {
  return Array.from({ length: modules }, (_, index) => `module-${String(index + 1).padStart(2, '0')}`);
}

/**
 * A made-up history, oldest first, rounded as the store keeps it: in each iteration all modules run once. Each module has its own
 * level; all have a daily season of 10 %, noise of 5 %, spikes that were logged, failures, changing revisions, and a shift of 20 %
 * late in the history. The same size gives the same history.
 */
export function* bigHistory(size: HistorySize): Generator<HistoryRun> {
  const random = seededRandom(SEED);
  const modules = moduleNamesOf(size);
  const open = new Map<string, AnomalyEvent>();
  for (let index = 0; index < size.runs; index += 1) {
    const module = modules[index % size.modules] ?? '';
    const run = roundedRun(runOf(size, index, module, random));
    const before = open.get(module);
    open.delete(module);
    const anomaly = isSpike(index) ? anomalyOf(run) : null;
    if (anomaly !== null) open.set(module, anomaly);
    const ended = before === undefined ? null : recoveryOf(before, run);
    yield { run, events: [ended, anomaly].filter(event => event !== null) };
  }
}

export interface HistoryIteration {
  iteration: number;
  startedAt: string;
  endedAt: string;
}

/** The iterations of these runs. */
export function* iterationsOf(size: HistorySize): Generator<HistoryIteration> {
  for (let iteration = 1; iteration <= iterationCount(size); iteration += 1) {
    const startMs = startOf(size, iteration);
    yield { iteration, startedAt: iso(startMs), endedAt: iso(startMs + 1_000) };
  }
}

const isSpike = (index: number): boolean => index % SPIKES === SPIKES - 1;

function anomalyOf(run: Run): AnomalyEvent {
  const value = run.runtimeSeconds ?? 0;
  return {
    ...{ time: run.endedAt, event: 'anomaly', message: `${run.module}: runtime is 50% above its average` },
    ...{ module: run.module, metric: 'runtimeSeconds', value, baseline: value / SPIKE },
    ...{ deviationPercent: 50, thresholdPercent: 25, direction: 'above', run: run.id },
    ...{ iteration: run.iteration, incident: `I${run.id.slice(1)}`, runsOpen: 0 },
  };
}

function recoveryOf(before: AnomalyEvent, run: Run): AnomalyEvent {
  return {
    ...before,
    ...{
      time: run.endedAt,
      event: 'recovered',
      message: `Anomaly recovered: ${run.module} - runtimeSeconds`,
    },
    ...{ value: before.baseline, deviationPercent: 0, run: run.id, iteration: run.iteration, runsOpen: 1 },
  };
}

function runOf(size: HistorySize, index: number, module: string, random: () => number): Run {
  const place = index % size.modules;
  const iteration = Math.floor(index / size.modules) + 1;
  const startMs = startOf(size, iteration) + place * 50;
  const outcome: Outcome = index % FAILS === FAILS - 1 ? 'error' : 'ok';
  const level = levelOf(size, iteration, startMs) * (isSpike(index) ? SPIKE : 1);
  const noise = (): number => Math.exp(0.05 * gaussian(random));
  const runtimeSeconds = (0.3 + 0.1 * place) * level * noise();
  const cpuSeconds = 0.7 * runtimeSeconds * noise();
  const latency = 0.06 * level * noise();
  return {
    ...NOTHING_FURTHER,
    id: `${encodeTime(startMs)}${String(index).padStart(16, '0')}`,
    ...{ module, iteration, trigger: place === 0 ? 'schedule' : 'after', attempt: 1 },
    ...{ startedAt: iso(startMs), endedAt: iso(startMs + 1000 * runtimeSeconds) },
    ...{ outcome, exitCode: outcome === 'ok' ? 0 : 1, signal: null },
    ...{ runtimeSeconds, cpuSeconds, cpuPercent: (100 * cpuSeconds) / runtimeSeconds },
    memoryMb: (60 + 5 * place) * noise(),
    apiLatencySeconds: latency,
    api: { count: 12, errors: 0, p95: 1.3 * latency, max: 1.6 * latency },
    custom: customsOf(size, index),
    revision: revisionOf(iteration),
    reason: outcome === 'ok' ? null : 'exit code 1',
  };
}

const CUSTOM = ['rowsCollected', 'samplesProcessed', 'bytesRead'];

function customsOf({ customs, runs }: HistorySize, index: number): Record<string, number> {
  const before = (runIndex: number): number => Math.floor((runIndex * customs) / runs);
  const custom: Record<string, number> = {};
  for (let each = 0; each < before(index + 1) - before(index); each += 1)
    custom[CUSTOM[each] ?? `custom${each + 1}`] = 1_000 + (index % 977);
  return custom;
}

function levelOf(size: HistorySize, iteration: number, startMs: number): number {
  const season = 1 + 0.1 * Math.sin((2 * Math.PI * startMs) / DAY_MS);
  return season * (iteration > SHIFT * iterationCount(size) ? 1.2 : 1);
}

const iterationCount = ({ runs, modules }: HistorySize): number => Math.ceil(runs / modules);

function startOf(size: HistorySize, iteration: number): number {
  const count = iterationCount(size);
  return Math.floor(size.endMs - ((count - iteration) * size.days * DAY_MS) / count);
}

function revisionOf(iteration: number): string {
  const number = (1 + Math.floor(iteration / REVISION_ITERATIONS)) * 0x9e_37_79_b1;
  return (number % 0x1000_0000).toString(16).padStart(7, '0');
}

const iso = (ms: number): string => new Date(ms).toISOString();
