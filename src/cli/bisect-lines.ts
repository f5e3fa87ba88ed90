import { type BisectAnswer, sureness } from '../bisecting/answer.ts';
import type { Commit } from '../git/named-commit.ts';
import { metricValue } from './metric-value.ts';

/** So many commits are listed where it is one of several. */
const MOST_LISTED = 20;

/** A bisection for a person. */
export function bisectLines(answer: BisectAnswer): string[] {
  const { skipped, words, runs, verdict } = answer;
  const failed = runs.failed === 0 ? '' : `, ${runs.failed} failed`;
  const warmups = runs.warmups === 0 ? '' : `, and ${runs.warmups} to warm up`;
  return [
    ...(verdict === 'alike' ? alikeLines(answer) : namedLines(answer)),
    '',
    `${runs.total} runs: ${runs.good} of good, ${runs.bad} of bad, ${runs.between} between${failed}${warmups}`,
    ...skipped.map(({ short, reason }) => `left out: ${short}, ${reason}`),
    ...words,
  ];
}

function namedLines({
  module,
  metric,
  commits,
  probability,
  change,
  verdict,
  candidates,
}: BisectAnswer): string[] {
  const [commit] = commits;
  const sure = sureness(probability ?? 0);
  const of = `${module}.${metric} ${changeText(metric, change)}`;
  if (verdict === 'found' && commits.length === 1 && commit !== undefined)
    return [`${of}, with this commit (${sure} sure, of ${candidates} commits)`, '', ...commitLines(commit)];
  const why =
    verdict === 'found' ? 'those before the last cannot be run' : 'more runs would tell (--max-runs)';
  return [
    `${of}, with one of these ${commits.length} commits (${sure} sure; ${why})`,
    '',
    ...listed(commits),
  ];
}

function changeText(metric: string, change: BisectAnswer['change']): string {
  if (change === null) return 'changed';
  const { before, after, percent, low, high } = change;
  const values = `${metricValue(metric, before)} to ${metricValue(metric, after)}`;
  return percent === null || low === null || high === null
    ? `went from ${values}`
    : `went from ${values}: ${signed(percent)} % (${signed(low)} to ${signed(high)})`;
}

function alikeLines({ module, metric, good, bad, difference }: BisectAnswer): string[] {
  const { low = null, high = null } = difference ?? {};
  const range =
    low === null || high === null ? '' : `; the difference lies between ${signed(low)} and ${signed(high)} %`;
  return [`${module}.${metric} is not seen to differ between ${good.short} and ${bad.short}${range}`];
}

function commitLines({ hash, author, date, subject }: Commit): string[] {
  return [`commit ${hash}`, `Author: ${author}`, `Date:   ${date}`, '', `    ${subject}`];
}

function listed(commits: readonly Commit[]): string[] {
  const lines = commits.map(({ short, date, subject }) => `${short}  ${date.slice(0, 10)}  ${subject}`);
  const more = lines.length - MOST_LISTED;
  return more > 0 ? [...lines.slice(0, MOST_LISTED), `and ${more} more`] : lines;
}

const signed = (percent: number): string => `${percent < 0 ? '' : '+'}${percent.toFixed(1)}`;
