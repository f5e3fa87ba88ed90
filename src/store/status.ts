import { join } from 'node:path';
import type { Incident, ModuleState, Outcome, ServiceState, Stage } from '../types.ts';
import { writeFileAtomic } from './atomic.ts';
import type { Averages } from './averages.ts';

export const STATUS_FILE = 'status.json';

/** The process that writes the status; null in a status that is shown while none runs. */
export interface SupervisorFacts {
  pid: number;
  startedAt: string;
  version: string;
}

/** All that a status is made of. */
export interface StatusFacts {
  updatedAt: string;
  message: string;
  roadmapStage: string | null;
  /** How many iterations there have been in the life of the workspace. */
  iterations: number;
  lastRun: { module: string; outcome: Outcome; endedAt: string } | null;
  /** Repeated attempts of modules, over the life of the workspace. */
  moduleRestarts: number;
  averages: Record<string, Averages>;
  openIncidents: Incident[];
  /** Anomalies (not: ends of incidents) of the last hour. */
  anomaliesLastHour: number;
  services: ServiceState[];
  supervisor: SupervisorFacts | null;
}

/** The iteration summary, as it stands in `status.json`. */
export interface Status {
  version: 1;
  updatedAt: string;
  message: string;
  roadmapStage: string | null;
  iterations: number;
  lastRun: StatusFacts['lastRun'];
  /** Repeated attempts of modules and restarts of services. */
  restartCount: number;
  performance: { modulesTracked: number; averages: Record<string, Averages> };
  anomalies: { open: number; lastHour: number; list: Incident[] };
  services: Record<string, Omit<ServiceState, 'name'>>;
  supervisor: SupervisorFacts | null;
}

export function buildStatus(facts: StatusFacts): Status {
  const { updatedAt, message, roadmapStage, iterations, averages, openIncidents, services } = facts;
  const serviceRestarts = services.reduce((sum, { restartCount }) => sum + restartCount, 0);
  return {
    version: 1,
    updatedAt,
    message,
    roadmapStage,
    iterations,
    lastRun: lastRunOf(facts.lastRun),
    restartCount: facts.moduleRestarts + serviceRestarts,
    performance: { modulesTracked: Object.keys(averages).length, averages },
    anomalies: { open: openIncidents.length, lastHour: facts.anomaliesLastHour, list: openIncidents },
    services: Object.fromEntries(services.map(({ name, ...state }) => [name, state])),
    supervisor: facts.supervisor,
  };
}

/** @returns messages for the user: what was set aside. @throws WatchkeeperError 'file' */
export function writeStatus(dataFolder: string, status: Status): string[] {
  const text = `${JSON.stringify(status, null, 2)}\n`;
  const aside = writeFileAtomic(join(dataFolder, STATUS_FILE), text, Date.parse(status.updatedAt));
  return aside === null ? [] : [`${STATUS_FILE} was not a regular file: set aside as ${aside}`];
}

/**
 * The stage of operation: the first one that is not over. A stage until `baseline` is over when every module has a full
 * baseline, one until a number of milliseconds when the workspace has been in operation so long. Where all are over, the last.
 *
 * @param operationMs since the first start
 * @returns null where there are no stages
 */
export function roadmapStage(stages: Stage[], baselinesFull: boolean, operationMs: number): string | null {
  const current = stages.find(({ until }) => {
    if (until === 'baseline') return !baselinesFull;
    return until === null || operationMs < until;
  });
  return (current ?? stages.at(-1))?.name ?? null;
}

/**
 * Whether a module's runs can be judged: one metric at least has as many values as its window wants, or an incident, which
 * nothing opens without a full baseline. One is enough: a metric that a module seldom reports must not hold the stage back.
 */
export function hasFullBaseline(state: ModuleState, windowOf: (metric: string) => number): boolean {
  return Object.entries(state).some(
    ([metric, { recent, incident }]) => incident !== null || recent.length >= windowOf(metric),
  );
}

function lastRunOf(run: StatusFacts['lastRun']): StatusFacts['lastRun'] {
  return run === null ? null : { module: run.module, outcome: run.outcome, endedAt: run.endedAt };
}
