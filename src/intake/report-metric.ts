import { join } from 'node:path';
import { messageOf, systemErrorCode, WatchkeeperError } from '../errors.ts';
import { Deliveries } from './deliveries.ts';
import { SOCKET_NAME } from './intake.ts';
import { parseJsonLine } from './json-line.ts';
import { LONGEST_LINE } from './lines.ts';
import { type KnownNames, knownNames } from './report.ts';

/** One value of a metric, as a line of the socket says it. */
export interface MetricReport {
  metric: string;
  value: number;
  /** Who reports; default: `custom`. */
  source?: string;
  labels?: Record<string, string>;
  /** ISO 8601 with a zone, or milliseconds since 1970; default: now. */
  time?: string | number;
}

const NOBODY = knownNames({ modules: [], services: [], system: { enabled: false } });

/** By socket: those of all workspaces that this program has opened there. */
const deliveries = new Map<string, Deliveries>();

/**
 * Reports one value to the supervisor of a workspace; resolves when it has taken the line. Opens a connection for it, and closes it:
 * a program that reports many times a second keeps one open instead. Several at once wait for each other.
 *
 * @param known modules and services, whose measured metrics are refused: the supervisor tells only its own log of what it refuses
 * @throws WatchkeeperError 'usage' where the report is of a wrong form, 'file' where no supervisor takes it
 */
export async function reportMetric(
  root: string,
  report: MetricReport,
  known: KnownNames = NOBODY,
): Promise<void> {
  const line = JSON.stringify(report);
  const parsed = parseJsonLine(line, known, Date.now());
  const problem = 'problem' in parsed ? parsed.problem : null;
  if (problem !== null) throw new WatchkeeperError('usage', `this cannot be reported: ${problem}`);
  if (Buffer.byteLength(line) > LONGEST_LINE)
    throw new WatchkeeperError('usage', `this cannot be reported: it has more than ${LONGEST_LINE} bytes`);
  const path = join(root, 'data', SOCKET_NAME);
  try {
    await deliveriesTo(path).deliver(`${line}\n`);
  } catch (error) {
    throw error instanceof WatchkeeperError ? error : notTaken(path, error);
  }
}

function deliveriesTo(path: string): Deliveries {
  const known = deliveries.get(path) ?? new Deliveries(path);
  deliveries.set(path, known);
  return known;
}

/** Nobody listens, or there is nothing to connect to. */
const NOT_RUNNING = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR'];

function notTaken(path: string, error: unknown): WatchkeeperError {
  const code = systemErrorCode(error) ?? messageOf(error);
  const advice = NOT_RUNNING.includes(code)
    ? 'no supervisor is running there that takes metrics: start one (`watchkeeper run`), and see that `intake: { socket: true }` is set'
    : 'the supervisor did not take it, because it was ending or too many programs report at once: try again';
  return new WatchkeeperError('file', `${path} could not be reported to (${code}): ${advice}`, {
    cause: error,
  });
}
