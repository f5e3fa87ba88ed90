import { refuseServices } from '../config/known-modules.ts';
import { loadSettings } from '../config/load.ts';
import { floorFor } from '../config/rules.ts';
import { FILE_NAME } from '../config/source.ts';
import { EXIT, WatchkeeperError } from '../errors.ts';
import { namedRevision } from '../git/named-revision.ts';
import { given } from '../given.ts';
import {
  checkRegression as check,
  type RegressionAnswer,
  type RegressionCheck,
  type RegressionQuestion,
} from '../questions/check-regression.ts';
import type { Against } from '../questions/regression/samples.ts';
import type { CliCommand, Context } from './command.ts';
import { comparisonTable } from './comparison-table.ts';
import { extentOption } from './extent-option.ts';
import { metricValue } from './metric-value.ts';
import { numberOption } from './number-option.ts';
import { optional } from './optional.ts';
import { shown } from './shown.ts';

interface Options {
  metric?: string;
  recent?: string;
  against?: string;
  threshold?: string;
  degradationThreshold?: string;
}

/** Whether recent runs are worse than before; ends with 1 where one is, so that it serves in CI. */
export const checkRegression: CliCommand = async (context, [module], options) => {
  const { metric, recent, against, threshold, degradationThreshold } = options as Options;
  const question = given({
    ...{ module, metric },
    recent: optional(recent, text => extentOption('--recent', text)),
    against: against === undefined ? undefined : await againstOption(context.root, against),
    thresholdPercent: optional(threshold, text => numberOption('--threshold', text)),
    degradationThreshold: optional(degradationThreshold, text =>
      numberOption('--degradation-threshold', text),
    ),
  });
  const floorOf = await floorsOf(context);
  return shown(context, async store => {
    if (module !== undefined) await refuseServices(context.root, store.moduleNames(), [module]);
    const answer = check(store, { ...question, floorOf }, Date.now());
    return { answer, lines, exit: answer.regressions > 0 ? EXIT.failed : EXIT.done };
  });
};

/** Those of the configuration; a history can be checked without one. */
async function floorsOf({ root, stderr }: Context): Promise<NonNullable<RegressionQuestion['floorOf']>> {
  const loaded = await loadSettings(root);
  if (loaded.ok) return (module, metric) => floorFor(loaded.settings.detection, module, metric);
  stderr.write(
    `${FILE_NAME} cannot be used (see \`validate\`): no floor holds, so small changes count as well\n`,
  );
  return () => 0;
}

const KNOWN = new Map<string, Against>([
  ['baseline', 'baseline'],
  ['before', 'before'],
  ['previous week', 'previous-week'],
  ['previous-week', 'previous-week'],
]);

/** A revision is the hash that runs have, or whatever git knows a commit by. */
const HASH = /^[0-9A-Fa-f]{4,64}\+?$/;

async function againstOption(root: string, text: string): Promise<Against> {
  const [, name] = /^revision[ =:]\s*(\S+)\s*$/.exec(text) ?? [];
  if (name !== undefined) return { revision: HASH.test(name) ? name : await namedRevision(root, name) };
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  throw new WatchkeeperError(
    'usage',
    `--against takes baseline, before, previous-week or "revision REV" (a hash, a tag, HEAD~6), not '${text}'`,
  );
}

function lines({ checks, regressions }: RegressionAnswer, width: number): string[] {
  if (checks.length === 0) return ['nothing to check: no run has succeeded yet'];
  const named = checks.map(each => ({ ...each, name: `${each.module}.${each.metric}` }));
  const wants = [...checks.flatMap(tailLine), ...oneSidedLines(checks), ...checks.flatMap(neededLine)];
  const untold = checks.filter(({ verdict }) => verdict === 'too-few').length;
  return [
    ...comparisonTable(named, 'recent', width),
    ...['', ...wants],
    ...(untold === 0 ? [] : [`${untold} of ${checks.length} check(s) had too few runs to tell`]),
    ...(untold === checks.length ? [] : [sumOf(regressions)]),
  ];
}

function sumOf(regressions: number): string {
  return regressions === 0 ? 'no regression' : `${regressions} regression(s)`;
}

/** Where the slowest runs got slower, as far as the interval tells, and the middle did not. */
function tailLine({ module, metric, verdict, p95, thresholdPercent }: RegressionCheck): string[] {
  const least = p95?.intervalPercent?.low ?? 0;
  if (verdict !== 'indistinct' || p95 === null || least < thresholdPercent) return [];
  const [before, after] = [p95.reference, p95.recent].map(value => metricValue(metric, value));
  return [`${module}.${metric}: the middle stayed, the p95 went from ${before} to ${after}`];
}

/** A side has no runs at all: that is so for all metrics of a module alike. */
const isOneSided = ({ verdict, reference, recent }: RegressionCheck): boolean =>
  verdict === 'too-few' && (reference.mean === null || recent.n === 0);

function oneSidedLines(checks: readonly RegressionCheck[]): string[] {
  return [...Map.groupBy(checks.filter(isOneSided), ({ module }) => module)].map(([module, all]) => {
    const runs = Math.max(...all.map(({ recent }) => recent.n));
    const { against = '' } = all[0] ?? {};
    const more = against.endsWith('run(s) before')
      ? ': wait for more runs, or take fewer (`--recent "5 runs"`)'
      : '';
    if (runs > 0) return `${module}: there is nothing yet to compare its ${runs} recent run(s) with${more}`;
    return `${module}: there is no recent run to compare with ${against}${whyNone(against)}`;
  });
}

function whyNone(against: string): string {
  if (against.startsWith('revision ')) return ': only runs of other revisions count, so name an earlier one';
  return against.startsWith('the baseline ') ? ': only runs after it count' : '';
}

/** Where chance could not be told from a change: what would be enough. */
function neededLine(check: RegressionCheck): string[] {
  const { module, metric, verdict, needed, recent } = check;
  if (verdict !== 'too-few' || needed === null || isOneSided(check)) return [];
  const { percent, recent: alone, each } = needed;
  const enough =
    alone !== null ? `${alone} recent runs` : each !== null ? `${each} runs before and as many after` : null;
  if (enough === null) return [];
  return [
    `${module}.${metric}: ${recent.n} recent run(s) are too few; a change of ${percent.toFixed(0)} % shows with ${enough}`,
  ];
}
