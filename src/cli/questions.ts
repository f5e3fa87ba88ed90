import type { CommandEntry } from './command.ts';

/** The commands that answer questions about the history; they work whether the supervisor runs or not. */
export const QUESTIONS: CommandEntry[] = [
  {
    name: 'forecast',
    summary: 'how a metric goes on, with an interval, and when it reaches a value',
    arguments: '<MODULE.METRIC>',
    options: [
      ['--ahead <DURATION>', 'how far (default: 24h)'],
      ['--reaches <VALUE>', 'also says when it reaches this value, such as a timeout or a full disk'],
      ['--level <SHARE>', 'the share of values that the interval is to hold (default: 0.95)'],
      ['--model <NAME>', 'the forecast of this model instead of the best one'],
    ],
    examples: [
      'watchkeeper forecast collector.runtimeSeconds --ahead 7d --reaches 120',
      'watchkeeper forecast system.diskFreeMb --ahead 30d --reaches 0',
    ],
    load: async () => (await import('./forecast.ts')).forecast,
  },
];
