import type { BisectRun, Skipped } from '../bisecting/answer.ts';
import type { BisectPorts, BisectRequest } from '../bisecting/request.ts';
import { bisect } from '../bisecting.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import type { Commit } from '../git/named-commit.ts';
import { bisectLines } from './bisect-lines.ts';
import type { CliCommand, Context } from './command.ts';
import { countOption } from './duration.ts';
import { interruptible } from './interruptible.ts';
import { metricValue } from './metric-value.ts';
import { numberOption } from './number-option.ts';
import { plain } from './plain.ts';
import { requireSettings } from './settings.ts';

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
  const text = context.json ? JSON.stringify(answer, null, 2) : bisectLines(answer).map(plain).join('\n');
  context.stdout.write(`${text}\n`);
  return answer.verdict === 'found' ? EXIT.done : EXIT.failed;
};

function requestOf(module: string, options: Options): BisectRequest {
  const { good, bad, metric, prepare, link: links, threshold } = options;
  if (good === undefined)
    throw new WatchkeeperError(
      'usage',
      '--good is missing: a revision at which the metric was still as before, such as HEAD~20',
    );
  const count = (option: string, text: string | undefined): number | undefined =>
    text === undefined ? undefined : countOption(option, text);
  return {
    ...{ module, good, bad, metric, prepare, links },
    thresholdPercent: threshold === undefined ? undefined : numberOption('--threshold', threshold),
    maxRuns: count('--max-runs', options.maxRuns),
    runsPerStep: count('--runs-per-step', options.runsPerStep),
    warmup: options.warmup === '0' ? 0 : count('--warmup', options.warmup),
    seed: count('--seed', options.seed),
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
