import type { BisectRun, Skipped } from '../bisecting/answer.ts';
import type { BisectPorts, BisectRequest } from '../bisecting/request.ts';
import { bisect } from '../bisecting.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import type { Commit } from '../git/named-commit.ts';
import { bisectLines } from './bisect-lines.ts';
import type { CliCommand, Context } from './command.ts';
import { countOption, countOrNoneOption } from './duration.ts';
import { interruptible } from './interruptible.ts';
import { metricValue } from './metric-value.ts';
import { numberOption } from './number-option.ts';
import { optional } from './optional.ts';
import { plain } from './plain.ts';
import { requireSettings } from './settings.ts';
import { show } from './shown.ts';

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

/** Finds the commit that a metric changed with; ends with 1 where none was found. */
export const bisectModule: CliCommand = async (context, [module = ''], options) => {
  const request = requestOf(module, options as Options);
  const settings = await requireSettings(context);
  const answer = await interruptible(context, stop =>
    bisect(context.root, settings, request, portsOf(context, module, stop)),
  );
  if (answer === null) return EXIT.failed;
  const exit = answer.verdict === 'found' ? EXIT.done : EXIT.failed;
  return show(context, { answer, lines: bisectLines, exit });
};

function requestOf(module: string, options: Options): BisectRequest {
  const { good, bad, metric, prepare, link: links, threshold } = options;
  if (good === undefined)
    throw new WatchkeeperError(
      'usage',
      '--good is missing: a revision at which the metric was still as before, such as HEAD~20',
    );
  const { maxRuns, runsPerStep, warmup, seed } = options;
  return {
    ...{ module, good, bad, metric, prepare, links },
    thresholdPercent: optional(threshold, text => numberOption('--threshold', text)),
    maxRuns: optional(maxRuns, text => countOption('--max-runs', text)),
    runsPerStep: optional(runsPerStep, text => countOption('--runs-per-step', text)),
    warmup: optional(warmup, text => countOrNoneOption('--warmup', text)),
    seed: optional(seed, text => countOption('--seed', text)),
  };
}

function portsOf(context: Context, module: string, stop: AbortSignal): BisectPorts {
  const tell = (text: string): void => void context.stderr.write(`${plain(text)}\n`);
  return {
    ...{ env: context.env, stop, warn: message => tell(`warning: ${message}`) },
    onBegin: (commits: readonly Commit[], { metric, maxRuns }) =>
      tell(`${module}.${metric}: ${commits.length - 1} commit(s), at most ${maxRuns} runs`),
    onRun: (run, metric) => tell(runText(run, metric)),
    onPrepare: hash => tell(`prepare  ${hash.slice(0, 10)}`),
    onSkip: ({ short, reason }: Skipped) => tell(`left out  ${short}: ${reason}`),
  };
}

function runText({ number, commit, role, outcome, value, left }: BisectRun, metric: string): string {
  const result = value === null ? (outcome === 'ok' ? 'no value' : outcome) : metricValue(metric, value);
  const search = left === null ? '' : `  ${left} commit(s) left`;
  return `run ${String(number).padStart(3)}  ${commit.slice(0, 10)}  ${role.padEnd(7)}  ${result.padStart(9)}${search}`;
}
