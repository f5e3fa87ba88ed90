import { join } from 'node:path';
import { type BenchRuns, runBench } from '../benching.ts';
import { NAME, NAME_FORM } from '../config/names.ts';
import { floorFor } from '../config/rules.ts';
import { EXIT, type ExitCode, WatchkeeperError } from '../errors.ts';
import { type BenchAnswer, benchAnswer, benchResult } from '../questions/bench.ts';
import { openToShowOrEmpty } from '../reading.ts';
import { BenchSuite } from '../store/bench-suites.ts';
import { thisMachine } from '../system/machine.ts';
import type { Trial } from '../trials/trials.ts';
import type { ModuleSettings, Settings } from '../types.ts';
import { benchLines } from './bench-lines.ts';
import type { CliCommand, Context } from './command.ts';
import { countOption } from './duration.ts';
import { seconds } from './format.ts';
import { interruptible } from './interruptible.ts';
import { plain } from './plain.ts';
import { Progress } from './progress.ts';
import { requireModule, requireSettings } from './settings.ts';

interface Options {
  runs?: string;
  warmup?: string;
  suite?: string;
  failOnRegression?: boolean;
}

interface Asked {
  runs: number;
  warmup: number;
  suite: BenchSuite | null;
  failOnRegression: boolean;
}

const DEFAULT_RUNS = 30;
const DEFAULT_WARMUP = 1;
const MOST_RUNS = 10_000;

/** Runs a module again and again under the meter, and says what its metrics are. */
export const bench: CliCommand = async (context, [name = ''], options) => {
  const asked = askedOf(context, options as Options);
  const settings = await requireSettings(context);
  const module = requireModule(settings, name);
  const ran = await interruptible(context, stop => run(context, module, asked, stop));
  const answer = await answerOf(context, settings, module, ran, asked);
  const kept = keep(context, asked, answer, ran);
  const text = context.json
    ? JSON.stringify({ ...answer, kept }, null, 2)
    : benchLines(answer, kept).map(plain).join('\n');
  context.stdout.write(`${text}\n`);
  return exitOf(answer, ran, asked);
};

function askedOf({ root }: Context, { runs, warmup, suite, failOnRegression }: Options): Asked {
  if (suite !== undefined && !NAME.test(suite))
    throw new WatchkeeperError('usage', `--suite '${suite}': a name ${NAME_FORM}`);
  return {
    runs: runs === undefined ? DEFAULT_RUNS : atMost(countOption('--runs', runs)),
    warmup:
      warmup === undefined ? DEFAULT_WARMUP : warmup === '0' ? 0 : atMost(countOption('--warmup', warmup)),
    suite: suite === undefined ? null : new BenchSuite(join(root, 'data'), suite, Date.now),
    failOnRegression: failOnRegression ?? false,
  };
}

function atMost(count: number): number {
  if (count <= MOST_RUNS) return count;
  throw new WatchkeeperError('usage', `${count} runs are too many: at most ${MOST_RUNS}`);
}

async function run(
  context: Context,
  module: ModuleSettings,
  { runs, warmup }: Asked,
  stop: AbortSignal,
): Promise<BenchRuns> {
  const progress = new Progress(context.stderr, () => performance.now());
  const tell = (message: string): void => {
    progress.end();
    context.stderr.write(`${plain(message)}\n`);
  };
  const onRun = (trial: Trial, number: number): void => {
    const which = number <= warmup ? `warm-up ${number} of ${warmup}` : `run ${number - warmup} of ${runs}`;
    if (trial.run.outcome !== 'ok') tell(failureText(module, which, trial));
    else progress.at(() => `${module.name}: ${which}, ${seconds(trial.run.runtimeSeconds)}`);
  };
  const request = { root: context.root, module, runs, warmup };
  const ran = await runBench(request, { env: context.env, stop, warn: tell, onRun });
  progress.end();
  if (ran.isCut && !stop.aborted) tell(`${module.name}: given up, as one run after the other failed`);
  return ran;
}

function failureText({ name }: ModuleSettings, which: string, { run, output }: Trial): string {
  const lines = output.map(line => `  | ${line}`);
  return [`${name}: ${which} failed: ${run.reason ?? run.outcome}`, ...lines].join('\n');
}

async function answerOf(
  context: Context,
  settings: Settings,
  { name }: ModuleSettings,
  { time, revision, runs }: BenchRuns,
  { warmup, suite }: Asked,
): Promise<BenchAnswer> {
  const store = await openToShowOrEmpty(context.root);
  try {
    return benchAnswer(store, {
      ...{ module: name, time, revision, machine: thisMachine(), warmup, runs },
      kept: suite === null ? null : suite.last(name, message => warn(context, message)),
      floorOf: metric => floorFor(settings.detection, name, metric),
    });
  } finally {
    store.close();
  }
}

/** @returns where the result was kept; null where it was not: no name was given, or a run failed */
function keep(context: Context, { suite }: Asked, answer: BenchAnswer, { isCut }: BenchRuns): string | null {
  if (suite === null) return null;
  if (isCut || answer.failed.length > 0) {
    warn(context, 'the result is not kept, because not every run succeeded');
    return null;
  }
  suite.add(benchResult(answer), message => warn(context, message));
  return suite.path;
}

function warn({ stderr }: Context, message: string): void {
  stderr.write(`warning: ${plain(message)}\n`);
}

function exitOf({ failed, regressions }: BenchAnswer, { isCut }: BenchRuns, asked: Asked): ExitCode {
  if (failed.length > 0 || isCut) return EXIT.failed;
  return asked.failOnRegression && regressions > 0 ? EXIT.failed : EXIT.done;
}
