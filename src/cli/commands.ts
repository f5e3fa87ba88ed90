import type { CommandEntry } from './command.ts';
import { QUESTIONS } from './questions.ts';

/**
 * Every command; the order is the one of the help. What a command does is loaded only when it is called, so that `status`
 * answers without waiting for what `run` needs.
 */
export const COMMANDS: CommandEntry[] = [
  {
    name: 'run',
    summary:
      'the supervisor: runs the modules on their schedules until SIGTERM or SIGINT (the default command)',
    options: [['--iterations <N>', 'end after N iterations']],
    examples: ['watchkeeper run --root ~/pipeline', 'watchkeeper run --iterations 1'],
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'once',
    summary:
      'one iteration now, whatever the schedule: all modules in order, or the named ones and what comes after them',
    arguments: '[MODULE...]',
    examples: ['watchkeeper once', 'watchkeeper once collector --json'],
    load: async () => (await import('./once.ts')).once,
  },
  {
    name: 'trigger',
    summary: 'ask the running supervisor to start an iteration with these modules now',
    arguments: '<MODULE...>',
    options: [['--wait', 'wait for the iteration to end, and exit as `once` does']],
    examples: ['watchkeeper trigger collector', 'watchkeeper trigger collector --wait'],
    load: async () => (await import('./trigger.ts')).trigger,
  },
  {
    name: 'init',
    summary: 'write a commented watchkeeper.yaml and a runnable example pipeline; never overwrites',
    arguments: '[DIR]',
    examples: ['watchkeeper init ~/pipeline'],
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'validate',
    summary: 'check watchkeeper.yaml and report every problem with its path and line',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'status',
    summary: 'the iteration summary: how things stand, the averages of each module, what is open',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'anomalies',
    summary: 'incidents, open ones first, and changes that the rule does not see',
    options: [
      ['--module <NAME>', 'only those of one module'],
      ['--since <DURATION>', 'only those that were open within this time, such as 24h or 7d'],
    ],
    examples: ['watchkeeper anomalies --since 24h', 'watchkeeper anomalies --module collector --json'],
    load: async () => (await import('./anomalies.ts')).anomalies,
  },
  {
    name: 'detect',
    summary:
      'replay a series (CSV or JSON: time and value, or many values) through the detectors, point by point',
    arguments: '<FILE|->',
    options: [
      ['--period <N>', 'points in a season, such as 288 for a day of 5-minute values (default: found)'],
      [
        '--config <FILE>',
        'take the part `detection` of this file (default: the watchkeeper.yaml of the workspace)',
      ],
      ['--value <NAMES>', 'the columns that are judged, separated by commas (default: all but the time)'],
    ],
    examples: ['watchkeeper detect latency.csv --period 24', 'cat runs.json | watchkeeper detect - --json'],
    load: async () => (await import('./detect.ts')).detect,
  },
  {
    name: 'train',
    summary: 'train the models of all modules now, from their history, and keep them in data/models/',
    arguments: '[MODULE...]',
    examples: ['watchkeeper train', 'watchkeeper train collector --json'],
    load: async () => (await import('./train.ts')).train,
  },
  ...QUESTIONS,
  {
    name: 'export',
    summary: 'write runs out for other programs: JSON, CSV, Parquet, or how things stand for Prometheus',
    options: [
      [
        '--format <NAME>',
        'json, jsonl, csv, parquet or prometheus (default: by the ending of the file, else json)',
      ],
      ['--output <FILE>', 'write to this file, which is replaced as a whole (default: standard output)'],
      ['--since <TIME>', 'only runs that started within this time, such as 24h or 7d, or from this day on'],
      ['--until <TIME>', 'only runs that started before this time'],
      ['--module <NAME>', 'only those of one module'],
    ],
    examples: [
      'watchkeeper export --output runs.parquet',
      'watchkeeper export --format csv --since 7d --module collector',
      'watchkeeper export --output /var/lib/node_exporter/watchkeeper.prom',
    ],
    load: async () => (await import('./export.ts')).exportRuns,
  },
  {
    name: 'recommend',
    summary:
      'what could be set better, from what the runs show: each finding with its evidence and the setting to change',
    options: [
      ['--module <NAME>', 'only what is about one module or service'],
      [
        '--apply [ID...]',
        'change watchkeeper.yaml so, its comments kept: all findings with a setting, or the named ones',
      ],
    ],
    examples: ['watchkeeper recommend', 'watchkeeper recommend --apply collector.timeout-near'],
    load: async () => (await import('./recommend.ts')).recommend,
  },
];

export const DEFAULT_COMMAND = 'run';
