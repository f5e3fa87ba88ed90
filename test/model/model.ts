import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded } from '../faults/seeded.ts';
import { type Checked, check, memoryFolder } from './check.ts';
import type { Recording } from './operations.ts';
import { recordPatched } from './record-patched.ts';
import { recordWithStrace, whyNoStrace } from './record-strace.ts';
import { SCENARIOS, type Scenario, scenarioNamed } from './scenarios.ts';
import { allMoments, someMoments } from './select.ts';
import { afterCrashOf } from './twice.ts';

export interface ModelOptions {
  /** `quick`: each sort of moment once, some seconds. `full`: every moment, minutes. */
  size: 'quick' | 'full';
  seed: number;
  progress(text: string): void;
  /** Only these scenarios; all where it is left out. */
  only?: readonly string[];
  /** The sorts of moments that were tried already (quick): those need not be tried in each scenario. It grows. */
  met?: Set<string>;
  /** Ends the check between two states. */
  signal?: AbortSignal;
}

export interface ScenarioResult extends Checked {
  scenario: string;
  /** The operations that were recorded. */
  operations: number;
}

export interface ModelResult {
  /** Why SQLite's own operations were not played, in words; null where they were. */
  skipped: string | null;
  scenarios: ScenarioResult[];
  /** What does not hold after some crash, in words. */
  problems: string[];
  counts: { killPoints: number; faultsInjected: number; runsAcknowledged: number; runsLost: number };
}

/**
 * Model checking of the storage: records what the product does to its files, works out what a crash at each moment can leave
 * (a killed process, a power failure with data and names lost in all ways), opens each such state with the product, and judges
 * what becomes of it. Without strace SQLite's own operations are trusted, and what cannot be recorded without it is left out.
 */
export async function checkModel(options: ModelOptions): Promise<ModelResult> {
  const skipped = whyNoStrace();
  const random = seeded(options.seed);
  const context = { ...options, random, strace: skipped === null, met: options.met ?? new Set<string>() };
  const scenarios: ScenarioResult[] = [];
  for (const scenario of SCENARIOS.filter(({ name }) => options.only?.includes(name) ?? true))
    if (skipped === null || scenario.onlyStrace !== true)
      scenarios.push(await checkScenario(scenario, context));
  if (options.size === 'full' && options.only === undefined && skipped === null)
    scenarios.push(...(await checkTwice(context)));
  return { skipped, scenarios, ...summed(scenarios) };
}

interface Context extends ModelOptions {
  random(): number;
  strace: boolean;
  met: Set<string>;
}

async function checkScenario(scenario: Scenario, context: Context): Promise<ScenarioResult> {
  const { size, random, met, progress } = context;
  const recording = await record(scenario, context.strace);
  const moments =
    size === 'full' ? allMoments(recording, 60, random) : someMoments(recording, met, 3, random);
  const { name, what } = scenario;
  progress(`${name}: ${what}: ${recording.operations.length} operations, ${moments.size} crashes`);
  const checked = await checkRecording(scenario, recording, moments, context, random);
  progress(`  ${textOf(checked)}`);
  return { scenario: name, operations: recording.operations.length, ...checked };
}

/** How many times a crash is followed by a second one, while the first is being recovered from. */
const TWICE = 4;

async function checkTwice(context: Context): Promise<ScenarioResult[]> {
  const crashed = await record(scenarioNamed('killed'), true);
  const results: ScenarioResult[] = [];
  for (let count = 0; count < TWICE; count += 1)
    results.push(await checkScenario(afterCrashOf(crashed, context.random), context));
  return results;
}

/** Records a scenario in a workspace of its own, which is gone afterwards. */
export async function record(scenario: Scenario, strace: boolean): Promise<Recording> {
  const root = mkdtempSync(join(memoryFolder(), 'watchkeeper-model-'));
  try {
    await scenario.prepare(root);
    return strace ? recordWithStrace(scenario.name, root) : await recordPatched(scenario, root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export function checkRecording(
  { damaged = [], incomplete = false }: Scenario,
  recording: Recording,
  moments: ReadonlySet<number>,
  { size, signal }: Pick<ModelOptions, 'size' | 'signal'>,
  random: () => number,
  most = size === 'full' ? 10 : 3,
): Promise<Checked> {
  return check(recording, {
    folder: memoryFolder(),
    allowance: { damaged, incomplete },
    random,
    atRandom: size === 'full' ? 3 : 1,
    crashAfter(count) {
      signal?.throwIfAborted();
      return moments.has(count);
    },
    most,
  });
}

function textOf({ crashes, states, judged, violations }: Checked): string {
  return `${crashes} crashes, ${states} states opened, ${judged} judged, ${violations.length} illegal`;
}

function summed(scenarios: ScenarioResult[]): Pick<ModelResult, 'problems' | 'counts'> {
  const sum = (of: (result: ScenarioResult) => number): number =>
    scenarios.reduce((total, each) => total + of(each), 0);
  const lost = /run (\S+) was (?:acknowledged|named)/g;
  const problems = scenarios.flatMap(({ scenario, violations }) =>
    violations.map(({ after, operation, state, problems: what }) => {
      const place = `${scenario}, crash after operation ${after} (${operation.slice(0, 120)}), ${state}`;
      return `${place}: ${what.slice(0, 4).join('; ')}`;
    }),
  );
  const runsLost = scenarios.map(({ violations }) => {
    const texts = violations.flatMap(({ problems: what }) => what).join('\n');
    return new Set([...texts.matchAll(lost)].map(([, id]) => id)).size;
  });
  return {
    problems,
    counts: {
      killPoints: sum(({ crashes }) => crashes),
      faultsInjected: sum(({ states }) => states),
      runsAcknowledged: sum(({ runsAcknowledged }) => runsAcknowledged),
      runsLost: runsLost.reduce((total, each) => total + each, 0),
    },
  };
}

/** `node test/model/model.ts [--quick] [--seed N] [--only NAME]...` */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, seed: text, only: { ...text, multiple: true } },
  });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const { skipped, problems, counts } = await checkModel({
    size: values.quick ? 'quick' : 'full',
    seed: Number(values.seed ?? 1),
    progress: say,
    ...(values.only === undefined ? {} : { only: values.only }),
  });
  if (skipped !== null) say(`SQLite's own operations were not played: ${skipped}`);
  say(`${counts.killPoints} crashes, ${counts.faultsInjected} states, ${problems.length} illegal`);
  for (const problem of problems) say(`  ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (import.meta.main) await main();
