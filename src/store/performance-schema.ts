import { z } from 'zod';
import { OUTCOMES, TRIGGERS } from '../glossary/run.ts';
import { MODULE_NAME } from '../metric-name.ts';

/** Of the format that this version writes. */
export const PERFORMANCE_VERSION = 1;

/**
 * What is accepted of a `performance.json`: what may be missing is filled in, what is unknown is passed over, what is
 * wrong is refused. Numbers have bounds, because what is taken over is counted on from.
 */
const count = z.int().min(0).max(1e12);
const figure = z.number().nonnegative().nullable().default(null);
const time = z.iso.datetime();

const api = z.object({ count, errors: count, p95: z.number().nonnegative(), max: z.number().nonnegative() });

export const runSchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  iteration: count,
  trigger: z.enum(TRIGGERS),
  attempt: z.int().min(1).max(1e6).default(1),
  startedAt: time,
  endedAt: time,
  outcome: z.enum(OUTCOMES),
  exitCode: z.int().nullable().default(null),
  signal: z.string().max(32).nullable().default(null),
  runtimeSeconds: figure,
  cpuSeconds: figure,
  cpuPercent: figure,
  memoryMb: figure,
  apiLatencySeconds: figure,
  api: api.nullable().default(null),
  setupSeconds: figure,
  cleanupSeconds: figure,
  samplesPerSecond: figure,
  diskReadMb: figure,
  diskWrittenMb: figure,
  contextSwitches: count.nullable().default(null),
  custom: z.record(z.string().max(200), z.number()).default({}),
  labels: z.record(z.string().max(200), z.string().max(200)).default({}),
  revision: z.string().max(100).nullable().default(null),
  reason: z.string().max(10_000).nullable().default(null),
});

export const countsSchema = z.object({ successCount: count, errorCount: count, restartCount: count });

export const moduleNameSchema = z.string().regex(MODULE_NAME);

export const moduleSchema = z.object({ runs: z.array(z.unknown()) });

export const fileSchema = z.object({
  version: z.int().min(1),
  modules: z.record(z.string(), z.unknown()),
});

const wholeSchema = z.strictObject({
  version: z.literal(PERFORMANCE_VERSION),
  updatedAt: time,
  historySize: z.int().min(1),
  modules: z.record(moduleNameSchema, z.looseObject({ ...countsSchema.shape, runs: z.array(runSchema) })),
});

/** Whether a value is what is written here, with nothing added. */
export function isPerformance(value: Record<string, unknown>): boolean {
  return !Object.hasOwn(value, '__proto__') && wholeSchema.safeParse(value).success;
}

/** One line of `anomalies.log`. */
export const eventSchema = z.object({
  time,
  event: z.enum(['anomaly', 'recovered', 'persisted', 'change']),
  message: z.string().min(1),
  module: moduleNameSchema,
  metric: z.string().max(200),
  value: z.number(),
  baseline: z.number(),
  deviationPercent: z.number().nullable(),
  thresholdPercent: z.number().nonnegative(),
  direction: z.enum(['above', 'below']),
  run: z.string().max(64),
  iteration: count,
  incident: z.string().min(1).max(300),
  runsOpen: count,
});
