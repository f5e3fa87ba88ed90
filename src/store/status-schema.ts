import { z } from 'zod';
import { moduleNameSchema } from './performance-schema.ts';
import type { Status } from './status.ts';

/** What is accepted of a `status.json`: what a reader shows must be there and of its type; what is unknown is passed over. */
const count = z.int().min(0);
const figure = z.number().nullable();
const time = z.iso.datetime();

const averages = z.object({
  runtimeSeconds: figure,
  cpuPercent: figure,
  memoryMb: figure,
  apiLatencySeconds: figure,
});

const incident = z.object({
  module: moduleNameSchema,
  metric: z.string(),
  direction: z.enum(['above', 'below']),
  deviationPercent: figure,
  runsOpen: count,
  openedAt: time,
});

const service = z.object({
  status: z.enum(['starting', 'healthy', 'running', 'unhealthy', 'waiting', 'stopped']),
  pid: count.nullable(),
  restartCount: count,
  lastProblem: z.string().nullable(),
});

const statusSchema = z.object({
  updatedAt: time,
  message: z.string(),
  roadmapStage: z.string().nullable(),
  iterations: count,
  performance: z.object({ averages: z.record(moduleNameSchema, averages) }),
  anomalies: z.object({ open: count, lastHour: count, list: z.array(incident) }),
  services: z.record(moduleNameSchema, service),
  supervisor: z.object({ pid: count, startedAt: time, version: z.string() }).nullable(),
});

/** Whether a value is a status, as far as a reader can tell: the file may be cut off, edited by hand, or of another program. */
export function isStatus(value: unknown): value is Status {
  return statusSchema.safeParse(value).success;
}
