import * as z from 'zod';
import type { BisectRequest } from './bisecting/request.ts';
import { form, integer, listOf, mapping, named, text } from './config/fields.ts';
import { pathText } from './config/problems.ts';
import { WatchkeeperError } from './errors.ts';
import type { ExportRequest } from './export/format.ts';
import type { Range } from './glossary/history.ts';
import type { MetricReport } from './intake/report-metric.ts';
import type { BottlenecksQuestion } from './questions/bottlenecks.ts';
import type { RegressionQuestion } from './questions/check-regression.ts';
import type { CompareQuestion } from './questions/compare.ts';
import type { ForecastQuestion } from './questions/forecast.ts';
import type { BaselineRequest } from './questions/set-baseline.ts';
import type { TrendsQuestion } from './questions/trends.ts';
import type { BenchRequest } from './trials/bench-request.ts';
import type { BenchOptions, BisectOptions, Workspace } from './workspace-questions.ts';

/**
 * The form of what a workspace is asked with, for programs without types: one schema a method. Whether a number is in its range and a
 * name is known is left to whoever answers.
 */

/** Every method that asks or sets something. */
export type Asked = Omit<Workspace, 'root' | 'close' | typeof Symbol.dispose>;
export type Method = keyof Asked;

/** Each key of a type, and no other. */
type Shape<T> = { [Key in keyof Required<T>]: z.ZodType<T[Key] | undefined> };

const object = <T>(shape: Shape<T>) => mapping(`an object: { ${Object.keys(shape).join(', ')} }`, shape);

const number = (accepted: string) => z.number(form(`must be ${accepted}`));
const callback = <T>() =>
  z.custom<T>(value => typeof value === 'function', form('must be a function')).optional();

const FARTHEST_MS = 8.64e15;
const inTime = form('must be a time in milliseconds since 1970, such as Date.now()');
const timeMs = z.number(inTime).min(-FARTHEST_MS, inTime).max(FARTHEST_MS, inTime).optional();
const lengthMs = number('a length of time in milliseconds, such as 3_600_000').optional();
const fromOne = form('must be a whole number from 1 on');
const count = z.int(fromOne).min(1, fromOne).optional();
const anyNumber = number('a number').optional();

const module = text('the name of a module, such as "collector"');
const metric = text('the name of a metric, such as "runtimeSeconds"').optional();
const fullMetric = text('a metric with its source, such as "collector.runtimeSeconds"');
const words = (accepted: string) => text(accepted, 10_000);
const names = (accepted: string) => listOf(accepted, words('a text'), 10_000).optional();

const above0 = form('must be a number above 0');
const recent = z
  .union(
    [mapping('', { runs: integer(1, 1e9) }), mapping('', { ms: z.number(above0).positive(above0) })],
    form('must be { runs: 20 } or { ms: 3_600_000 }, with a number above 0'),
  )
  .optional();

const against = z
  .union(
    [z.literal(['baseline', 'before', 'previous-week']), mapping('', { revision: z.string().min(1) })],
    form('must be "baseline", "before", "previous-week" or { revision: "9fceb02" }'),
  )
  .optional();

const by = z
  .union(
    [z.literal(['module', 'revision']), mapping('', { label: z.string().min(1) })],
    form('must be "module", "revision" or { label: "model" }'),
  )
  .optional();

/** Which one there is, is said by whoever looks for it. */
const format = z.custom<NonNullable<ExportRequest['format']>>(
  value => typeof value === 'string',
  form('must be the name of a format, such as "csv"'),
);

/** As on the socket, where numbers and truth values are taken as their text. */
const label = z.custom<string>(
  value => ['string', 'number', 'boolean'].includes(typeof value),
  form('must be a text'),
);

const stop = z.instanceof(AbortSignal, form('must be an AbortSignal')).optional();
const heard = { stop, warn: callback<BenchOptions['warn']>() };

const question = {
  range: object<Range>({ sinceMs: timeMs, untilMs: timeMs, newest: count }),
  incidents: object<NonNullable<Parameters<Asked['incidents']>[0]>>({
    open: z.boolean(form('must be true or false')).optional(),
    module: module.optional(),
    sinceMs: timeMs,
  }),
  baseline: object<BaselineRequest>({
    module,
    given: named('an object of numbers by metric', number('a number')).optional(),
    ...{ runs: count, fromMs: timeMs, toMs: timeMs, metrics: names('metrics') },
  }),
  regression: object<RegressionQuestion>({
    ...{ module: module.optional(), metric, recent, against },
    ...{ thresholdPercent: anyNumber, degradationThreshold: anyNumber },
    floorOf: callback<NonNullable<RegressionQuestion['floorOf']>>(),
  }),
  forecast: object<ForecastQuestion>({
    ...{ metric: fullMetric, aheadMs: lengthMs, reaches: anyNumber, level: anyNumber },
    model: text('the name of a model, such as "holt"').optional(),
  }),
  trends: object<TrendsQuestion>({
    of: text('a module, "system" or a metric, such as "collector" or "collector.runtimeSeconds"'),
    ...{ windowMs: lengthMs, bucketMs: lengthMs },
  }),
  compare: object<CompareQuestion>({ modules: names('modules'), by, metric, runs: count }),
  bottlenecks: object<BottlenecksQuestion>({ sinceMs: timeMs }),
  export: object<ExportRequest>({
    ...{ format: format.optional(), sinceMs: timeMs, untilMs: timeMs, module: module.optional() },
  }),
  bench: object<BenchRequest>({
    ...{ module, runs: anyNumber, warmup: anyNumber },
    suite: text('the name of a suite, such as "nightly"').nullish(),
  }),
  bisect: object<BisectRequest>({
    ...{ module, metric, good: words('a revision, such as "HEAD~20"') },
    bad: words('a revision, such as "HEAD"').optional(),
    ...{ thresholdPercent: anyNumber, maxRuns: anyNumber, runsPerStep: anyNumber, warmup: anyNumber },
    ...{ prepare: words('a shell command').nullish(), links: names('paths'), seed: anyNumber },
  }),
  report: object<MetricReport>({
    ...{ metric: words('the name of a metric'), value: number('a number') },
    source: text('the name of who reports').optional(),
    labels: named('an object of texts by label', label).optional(),
    time: z.union([z.string(), z.number()], form('must be an ISO 8601 text or milliseconds')).optional(),
  }),
};

/** What each method takes, in this order. */
const PARAMETERS: Record<Method, Record<string, z.ZodType>> = {
  modules: {},
  metrics: {},
  runs: { module, newest: count },
  values: { metric: fullMetric, range: question.range.optional() },
  incidents: { filter: question.incidents.optional() },
  changes: { sinceMs: timeMs },
  baselines: {},
  setBaseline: { request: question.baseline },
  removeBaselines: { module, metric },
  checkRegression: { question: question.regression.optional() },
  forecast: { question: question.forecast },
  trends: { question: question.trends },
  compare: { question: question.compare.optional() },
  bottlenecks: { question: question.bottlenecks.optional() },
  recommend: {},
  report: { sinceMs: timeMs },
  export: { request: question.export.optional() },
  bench: {
    request: question.bench,
    options: object<BenchOptions>({ ...heard, onRun: callback<BenchOptions['onRun']>() }).optional(),
  },
  bisect: {
    request: question.bisect,
    options: object<BisectOptions>({
      ...{
        ...heard,
        onBegin: callback<BisectOptions['onBegin']>(),
        onRun: callback<BisectOptions['onRun']>(),
      },
      ...{ onSkip: callback<BisectOptions['onSkip']>(), onPrepare: callback<BisectOptions['onPrepare']>() },
    }).optional(),
  },
  record: { metric: question.report },
};

const ROOT = { root: words('the folder of a workspace') };

/** @throws WatchkeeperError 'usage' where the arguments of a method are of a wrong form: the message names each, and the right form */
export function checkArguments(method: Method, given: readonly unknown[]): void {
  check(method, PARAMETERS[method], given);
}

/** The same for the folder that is opened. */
export function checkRoot(root: unknown): void {
  check('openWorkspace', ROOT, [root]);
}

function check(method: string, parameters: Record<string, z.ZodType>, given: readonly unknown[]): void {
  const all = Object.entries(parameters);
  const problems = all.flatMap(([name, schema], index) =>
    (schema.safeParse(given[index]).error?.issues ?? []).map(issue => problemText(name, issue)),
  );
  if (given.slice(all.length).some(value => value !== undefined))
    problems.push(`it takes ${all.map(([name]) => name).join(', ') || 'no argument'} and nothing beside`);
  if (problems.length > 0) throw new WatchkeeperError('usage', `${method}: ${problems.join('; ')}`);
}

function problemText(name: string, { code, path, message }: z.core.$ZodIssue): string {
  const place = pathText([name, ...path.map(part => (typeof part === 'number' ? part : String(part)))]);
  return `${place}${code === 'unrecognized_keys' ? ': ' : ' '}${message.replaceAll('\n', '; ')}`;
}
