import { join } from 'node:path';
import { WatchkeeperError } from '../errors.ts';
import { supervisorOf } from '../reading.ts';
import { averagesOf } from '../store/averages.ts';
import type { Owner } from '../store/owner.ts';
import { readRegularFile } from '../store/read-file.ts';
import { buildStatus, STATUS_FILE, type Status } from '../store/status.ts';
import { isStatus } from '../store/status-schema.ts';
import type { Store } from '../store/store.ts';
import { plain } from './plain.ts';

const MAX_BYTES = 16e6;
const HOUR_MS = 3_600_000;
/** As many runs as `performance.json` has unless it is told otherwise. */
const USUAL_RUNS = 100;

/** In the place of an iteration's message, before the first one has ended. */
const NOT_YET = { noRun: 'No run yet', noEnd: 'No iteration has ended yet' };

/** Whether a status is that of an iteration, and not of the time before the first one has ended. */
export function hasEnded({ message }: Status): boolean {
  return !Object.values(NOT_YET).includes(message);
}

/** How things stand, and who supervises just now. */
export interface StatusNow {
  status: Status;
  running: boolean;
}

/**
 * The summary of `status.json`; made from the store where that is not there, because no iteration has ended yet, or somebody has
 * removed it.
 *
 * @throws WatchkeeperError 'file' where `status.json` is there and cannot be read
 */
export function statusNow(root: string, store: Store, nowMs: number): StatusNow {
  const owner = supervisorOf(root);
  const written = readStatus(root);
  const status = withWhatIsKnown(written, () => statusOf(store, owner?.startedAt ?? null, nowMs));
  if (owner === null) return { status, running: false };
  const { pid, startedAt, version } = owner;
  const services = isBy(owner, written) ? status.services : {};
  return { status: { ...status, services, supervisor: { pid, startedAt, version } }, running: true };
}

/**
 * What another supervisor has written (one that was killed, or that of a clone) says nothing of the services that this one keeps
 * running. It writes down their states as soon as it has started them.
 */
function isBy({ pid, startedAt }: Owner, written: Status | null): boolean {
  return written?.supervisor?.pid === pid && written.supervisor.startedAt === startedAt;
}

function readStatus(root: string): Status | null {
  const result = readRegularFile(join(root, 'data', STATUS_FILE), MAX_BYTES);
  const advice = 'it is written at the end of each iteration: run `watchkeeper once`';
  if (result === null) return null;
  if ('problem' in result)
    throw new WatchkeeperError('file', `data/${STATUS_FILE} ${result.problem}; ${advice}`);
  const status = parsed(result.content.toString('utf8'));
  if (isStatus(status)) return status;
  throw new WatchkeeperError('file', `data/${STATUS_FILE} is damaged (cut off, or edited?); ${advice}`);
}

/** Null where it is no JSON. Texts are made fit for a terminal: in a clone they are somebody else's. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value) => (typeof value === 'string' ? plain(value) : value));
  } catch {
    return null;
  }
}

/** Before the first iteration has ended, the file has nothing but the services to tell; the store knows more. */
function withWhatIsKnown(written: Status | null, made: () => Status): Status {
  if (written === null) return made();
  return written.lastRun === null ? { ...made(), services: written.services } : written;
}

function statusOf(store: Store, startedAt: string | null, nowMs: number): Status {
  const modules = store.moduleNames();
  const last = store.lastIteration();
  return buildStatus({
    updatedAt: last?.endedAt ?? startedAt ?? new Date(nowMs).toISOString(),
    message: last?.message ?? (modules.length === 0 ? NOT_YET.noRun : NOT_YET.noEnd),
    roadmapStage: null,
    iterations: store.iterationCount(),
    lastRun: store.lastRun(),
    moduleRestarts: modules.reduce((sum, name) => sum + store.counts(name).restartCount, 0),
    averages: Object.fromEntries(modules.map(name => [name, averagesOf(store.runs(name, USUAL_RUNS))])),
    openIncidents: store.incidents({ open: true }),
    anomaliesLastHour: store.anomaliesSince(nowMs - HOUR_MS),
    services: [],
    supervisor: null,
  });
}
