import type { BisectRun, Skipped } from '../bisecting/answer.ts';
import { linkPath } from '../bisecting/links.ts';
import { type BisectRequest, runBisect } from '../bisecting.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import type { Commit } from '../git/commits-between.ts';
import type { ModuleSettings } from '../types.ts';
import { bisectLines } from './bisect-lines.ts';
import type { CliCommand, Context } from './command.ts';
import { countOption } from './duration.ts';
import { interruptible } from './interruptible.ts';
import { metricValue } from './metric-value.ts';
import { numberOption } from './number-option.ts';
import { plain } from './plain.ts';
import { requireModule, requireSettings } from './settings.ts';

interface Options {
  metric?: string;
  good?: string;
  bad?: string;
  threshold?: string;
  maxRuns?: string;
  runsPerStep?: string;
  warmup?: string;
  prepare?: string;
  link?: string[];
  seed?: string;
}

const DEFAULT = {
  metric: 'runtimeSeconds',
  bad: 'HEAD',
  threshold: 3,
  maxRuns: 200,
  runsPerStep: 1,
  warmup: 1,
  seed: 1,
};
/** With fewer no two commits could be told apart. */
const FEWEST_RUNS = 20;

/** Finds the commit that a metric changed with; ends with 1 where none was found. */
export const bisect: CliCommand = async (context, [name = ''], options) => {
  const wanted = wantedOf(name, options as Options);
  const settings = await requireSettings(context);
  const module = requireModule(settings, name);
  const links = wanted.links.map(link => linkPath(context.root, link));
  const request: BisectRequest = { ...wanted, links, module, root: context.root };
  warnOfPaths(context, module);
  const answer = await interruptible(context, stop => runBisect(request, portsOf(context, request, stop)));
  if (answer === null) return EXIT.failed;
  const text = context.json ? JSON.stringify(answer, null, 2) : bisectLines(answer).map(plain).join('\n');
  context.stdout.write(`${text}\n`);
  return answer.verdict === 'found' ? EXIT.done : EXIT.failed;
};

function wantedOf(module: string, options: Options): Omit<BisectRequest, 'root' | 'module'> {
  const { good, bad = DEFAULT.bad, metric = DEFAULT.metric, prepare = null, link: links = [] } = options;
  if (good === undefined)
    throw new WatchkeeperError(
      'usage',
      '--good is missing: a revision at which the metric was still as before, such as HEAD~20',
    );
  const count = (option: string, text: string | undefined, otherwise: number): number =>
    text === undefined ? otherwise : countOption(option, text);
  const maxRuns = count('--max-runs', options.maxRuns, DEFAULT.maxRuns);
  if (maxRuns < FEWEST_RUNS)
    throw new WatchkeeperError('usage', `--max-runs ${maxRuns}: fewer than ${FEWEST_RUNS} runs tell nothing`);
  const { threshold } = options;
  return {
    ...{ good, bad, prepare, links, maxRuns },
    metric: metric.startsWith(`${module}.`) ? metric.slice(module.length + 1) : metric,
    thresholdPercent: threshold === undefined ? DEFAULT.threshold : thresholdOption(threshold),
    runsPerStep: count('--runs-per-step', options.runsPerStep, DEFAULT.runsPerStep),
    warmup: options.warmup === '0' ? 0 : count('--warmup', options.warmup, DEFAULT.warmup),
    seed: count('--seed', options.seed, DEFAULT.seed),
  };
}

function thresholdOption(text: string): number {
  const percent = numberOption('--threshold', text);
  if (percent >= 0) return percent;
  throw new WatchkeeperError('usage', `--threshold takes percent from 0 on, not '${text}'`);
}

/** A full path into the checkout is the same file for every commit. */
function warnOfPaths(context: Context, { name, argv, env }: ModuleSettings): void {
  const named = [...argv, ...Object.values(env)].find(text => text.includes(`${context.root}/`));
  if (named === undefined) return;
  warn(
    context,
    `${name} names a full path in ${context.root}: every commit will be run with what is there now; paths relative to its cwd follow the commit`,
  );
}

function portsOf(context: Context, { metric, maxRuns, module }: BisectRequest, stop: AbortSignal) {
  const tell = (text: string): void => void context.stderr.write(`${plain(text)}\n`);
  return {
    ...{ env: context.env, stop, warn: (message: string) => warn(context, message) },
    onBegin: (commits: readonly Commit[]) =>
      tell(`${module.name}.${metric}: ${commits.length - 1} commit(s), at most ${maxRuns} runs`),
    onRun: (run: BisectRun) => tell(runText(run, metric)),
    onPrepare: (hash: string) => tell(`prepare  ${hash.slice(0, 10)}`),
    onSkip: ({ short, reason }: Skipped) => tell(`left out  ${short}: ${reason}`),
  };
}

function runText({ number, commit, role, outcome, value, left }: BisectRun, metric: string): string {
  const result = value === null ? (outcome === 'ok' ? 'no value' : outcome) : metricValue(metric, value);
  const search = left === null ? '' : `  ${left} commit(s) left`;
  return `run ${String(number).padStart(3)}  ${commit.slice(0, 10)}  ${role.padEnd(7)}  ${result.padStart(9)}${search}`;
}

function warn({ stderr }: Context, message: string): void {
  stderr.write(`warning: ${plain(message)}\n`);
}
