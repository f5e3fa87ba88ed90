import type { CommandEntry } from './command.ts';

/** The commands that answer questions about the history; they work whether the supervisor runs or not. */
export const QUESTIONS: CommandEntry[] = [
  {
    name: 'set-baseline',
    summary:
      'keep what is normal for a module: made of its newest runs, of a range of time, or given as numbers',
    arguments: '<MODULE>',
    options: [
      ['--from-runs <N>', 'make it of the newest N runs that succeeded (default: 50)'],
      ['--from <TIME>', 'make it of the runs from this time on, such as 2026-11-01 or 2026-11-01T12:30Z'],
      ['--to <TIME>', 'and up to this time'],
      ['--metric <NAMES>', 'only these metrics, separated by commas (default: all)'],
      ['--runtime <SECONDS>', 'give the runtime as a number'],
      ['--cpu <PERCENT>', 'give the CPU as a number: one core is 100'],
      ['--memory <MB>', 'give the peak memory as a number'],
      ['--latency <SECONDS>', 'give the mean API latency as a number'],
      ['--value <METRIC=NUMBER...>', 'give any other metric as a number'],
    ],
    examples: [
      'watchkeeper set-baseline collector',
      'watchkeeper set-baseline collector --from 2026-11-01 --to 2026-11-08',
      'watchkeeper set-baseline collector --runtime 2.5 --memory 150',
    ],
    load: async () => (await import('./set-baseline.ts')).setBaseline,
  },
  {
    name: 'baselines',
    summary: 'list the baselines that were set; `rm` removes those of a module or of one metric',
    arguments: '[rm] [NAME...]',
    examples: ['watchkeeper baselines', 'watchkeeper baselines rm collector.memoryMb'],
    load: async () => (await import('./baselines.ts')).baselines,
  },
  {
    name: 'check-regression',
    summary: 'are recent runs worse than before, by how much, how sure; ends with 1 where one is',
    arguments: '[MODULE]',
    options: [
      ['--metric <NAME>', 'only this metric (default: all)'],
      ['--recent <EXTENT>', 'what is checked: "20 runs" or a duration such as 1h (default: 20 runs)'],
      [
        '--against <WHAT>',
        'baseline, before, previous-week, or "revision REV" (default: the baseline that was set, else before)',
      ],
      ['--threshold <PERCENT>', 'smaller changes do not matter (default: 3)'],
      [
        '--degradation-threshold <SHARE>',
        'the same for accuracy, precision, recall and f1Score (default: 0.01)',
      ],
    ],
    examples: [
      'watchkeeper check-regression',
      'watchkeeper check-regression collector --recent 1h --against previous-week',
      'watchkeeper check-regression trainer --metric accuracy --degradation-threshold 0.02',
    ],
    load: async () => (await import('./check-regression.ts')).checkRegression,
  },
  {
    name: 'forecast',
    summary: 'how a metric goes on, with an interval, and when it reaches a value',
    arguments: '<MODULE.METRIC>',
    options: [
      ['--ahead <DURATION>', 'how far (default: 24h)'],
      ['--reaches <VALUE>', 'also says when it reaches this value, such as a timeout or a full disk'],
      ['--level <SHARE>', 'the share of values that the interval is to hold (default: 0.95)'],
      [
        '--model <NAME>',
        'the forecast of this model instead of the best one: naive, linear, holt, arima, ...',
      ],
    ],
    examples: [
      'watchkeeper forecast collector.runtimeSeconds --ahead 7d --reaches 120',
      'watchkeeper forecast system.diskFreeMb --ahead 30d --reaches 0',
    ],
    load: async () => (await import('./forecast.ts')).forecast,
  },
  {
    name: 'trends',
    summary: 'how the metrics of a module went over a window of time, and whether they rise or fall',
    arguments: '<MODULE|MODULE.METRIC>',
    options: [
      ['--window <DURATION>', 'how far back (default: 7d)'],
      ['--bucket <DURATION>', 'how wide a step is (default: by the window: 1h of 7d, 10s of 10m, 1d of 30d)'],
    ],
    examples: ['watchkeeper trends collector', 'watchkeeper trends system.memoryUsedMb --window 1h'],
    load: async () => (await import('./trends.ts')).trends,
  },
  {
    name: 'compare',
    summary:
      'which module, revision or label is best in a metric, by how much, and which differences are real',
    arguments: '[MODULE...]',
    options: [
      ['--by <WHAT>', 'module, revision, or "label NAME" (default: module)'],
      ['--metric <NAME>', 'what is compared (default: runtimeSeconds)'],
      ['--runs <N>', 'the newest N runs of each module (default: 200)'],
    ],
    examples: [
      'watchkeeper compare fast slow',
      'watchkeeper compare trainer --by "label model" --metric accuracy',
    ],
    load: async () => (await import('./compare.ts')).compare,
  },
  {
    name: 'bottlenecks',
    summary: 'what costs most, fails most, deviates most',
    options: [['--since <TIME>', 'within this time, such as 24h or 30d, or from this day on (default: 7d)']],
    load: async () => (await import('./bottlenecks.ts')).bottlenecks,
  },
  {
    name: 'report',
    summary: 'one file that tells how all went: charts, anomalies, trends, regressions, recommendations',
    options: [
      ['--format <NAME>', 'html, md or json (default: by the ending of the file; on standard output md)'],
      ['--output <FILE>', 'write to this file, which is replaced as a whole (default: standard output)'],
      ['--since <TIME>', 'from when on, such as 24h or 30d, or from this day on (default: 7d)'],
    ],
    examples: ['watchkeeper report --output week.html', 'watchkeeper report --since 24h'],
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'bench',
    summary: 'run a module again and again under the meter, beside the history: figures, noise, what changed',
    arguments: '<MODULE>',
    options: [
      ['--runs <N>', 'so many runs, one after the other (default: 30)'],
      ['--warmup <N>', 'and before them so many that do not count (default: 1)'],
      ['--suite <NAME>', 'compare with the last result under this name, then keep this one in data/bench/'],
      ['--fail-on-regression', 'end with 1 where a metric is worse than the baseline or the last result'],
    ],
    examples: [
      'watchkeeper bench collector',
      'watchkeeper bench collector --runs 50 --suite nightly --fail-on-regression',
    ],
    load: async () => (await import('./bench.ts')).benchModule,
  },
  {
    name: 'bisect',
    summary:
      'find the commit that a metric changed with: runs the module at commits between two, as often as the noise asks for',
    arguments: '<MODULE>',
    options: [
      ['--metric <NAME>', 'which metric (default: runtimeSeconds)'],
      ['--good <REV>', 'a commit at which it was still as before; needed'],
      ['--bad <REV>', 'a later one at which it has changed (default: HEAD)'],
      ['--threshold <PERCENT>', 'smaller changes do not matter (default: 3)'],
      ['--max-runs <N>', 'give up after so many runs (default: 200)'],
      ['--runs-per-step <N>', 'so many runs of a commit at a time (default: 1)'],
      ['--warmup <N>', 'before the first of them so many that do not count (default: 1)'],
      ['--prepare <COMMAND>', 'what makes a checked-out commit ready, such as "npm ci"; once for each'],
      ['--link <PATH...>', 'what git does not keep but the module needs, below the workspace'],
      ['--seed <N>', 'for the order of the first runs (default: 1)'],
    ],
    examples: [
      'watchkeeper bisect features --good v1.4',
      'watchkeeper bisect collector --metric memoryMb --good HEAD~64 --prepare "npm ci" --link data/market',
    ],
    load: async () => (await import('./bisect.ts')).bisectModule,
  },
];
