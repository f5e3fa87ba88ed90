import { isObject } from '../json.ts';
import { MODULE_NAME } from '../metric-name.ts';
import type { Status } from './status.ts';

/**
 * What is accepted of a `status.json`: what a reader shows must be there and of its type; what is unknown is passed over. Written
 * by hand, because `status` is called all the time, and to load a schema library takes it longer than all the rest.
 */
type Check = (value: unknown) => boolean;

const text: Check = value => typeof value === 'string';
const figure: Check = value => value === null || Number.isFinite(value);
const count: Check = value => Number.isSafeInteger(value) && Number(value) >= 0;
const time: Check = value =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && Number.isFinite(Date.parse(value));
const name: Check = value => typeof value === 'string' && MODULE_NAME.test(value);

const oneOf =
  (...values: string[]): Check =>
  value =>
    values.some(each => each === value);
const orNull =
  (check: Check): Check =>
  value =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check);
const byName =
  (check: Check): Check =>
  value =>
    isObject(value) && Object.entries(value).every(([key, each]) => name(key) && check(each));
const having =
  (fields: Record<string, Check>): Check =>
  value =>
    isObject(value) && Object.entries(fields).every(([key, check]) => check(value[key]));

const averages = having({
  runtimeSeconds: figure,
  cpuPercent: figure,
  memoryMb: figure,
  apiLatencySeconds: figure,
});

const incident = having({
  module: name,
  metric: text,
  direction: oneOf('above', 'below'),
  deviationPercent: figure,
  runsOpen: count,
  openedAt: time,
});

const service = having({
  status: oneOf('starting', 'healthy', 'running', 'unhealthy', 'waiting', 'stopped'),
  pid: orNull(count),
  restartCount: count,
  lastProblem: orNull(text),
});

const status = having({
  updatedAt: time,
  message: text,
  roadmapStage: orNull(text),
  iterations: count,
  performance: having({ averages: byName(averages) }),
  anomalies: having({ open: count, lastHour: count, list: listOf(incident) }),
  services: byName(service),
  supervisor: orNull(having({ pid: count, startedAt: time, version: text })),
});

const KEYS = [
  ...['version', 'updatedAt', 'message', 'roadmapStage', 'iterations', 'lastRun', 'restartCount'],
  ...['performance', 'anomalies', 'services', 'supervisor'],
];

/** Whether a value is what is written here, with nothing added. */
export function isWholeStatus(value: Record<string, unknown>): boolean {
  const isKnown = (key: string): boolean => KEYS.includes(key);
  return value['version'] === 1 && Object.keys(value).every(isKnown) && status(value);
}

/** Whether a value is a status, as far as a reader can tell: the file may be cut off, edited by hand, or of another program. */
export function isStatus(value: unknown): value is Status {
  return status(value);
}
