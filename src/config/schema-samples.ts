import { duration, flag, mapping } from './fields.ts';

const HOUR_MS = 3_600_000;

/** The forms that the variables of the environment have, too. */
export const systemEvery = duration(1_000, HOUR_MS);
export const intakeFlush = duration(1_000, HOUR_MS);

export const systemSchema = mapping('a mapping such as { every: 10s }', {
  enabled: flag()
    .default(true)
    .describe("Whether the machine's CPU, load, memory, disk and network are sampled. Default: true."),
  every: systemEvery
    .prefault('10s')
    .describe('Time between two samples of the machine, from 1s to 1h. Default: 10s.'),
});

export const intakeSchema = mapping('a mapping such as { socket: true }', {
  socket: flag()
    .default(true)
    .describe('Whether services and programs can report metrics to data/metrics.sock. Default: true.'),
  flush: intakeFlush
    .prefault('10s')
    .describe(
      'Counters, gauges, timers and sets are given on once in this time, from 1s to 1h. Default: 10s.',
    ),
});
