import { join } from 'node:path';
import type { Incident } from '../glossary/judgement.ts';
import type { Outcome } from '../glossary/run.ts';
import type { ServiceState } from '../glossary/service.ts';
import type { Stage } from '../glossary/settings.ts';
import type { Averages } from './averages.ts';
import { ReplacedFile } from './replaced-file.ts';
import { isWholeStatus } from './status-schema.ts';
import type { Store } from './store.ts';

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

/** `status.json`, a projection: replaced as a whole. */
export class StatusFile {
  readonly #file: ReplacedFile;

  constructor(store: Pick<Store, 'fact' | 'setFact'>, dataFolder: string) {
    this.#file = new ReplacedFile(join(dataFolder, STATUS_FILE), isWholeStatus, store);
  }

  /** Whether it is as it was last written; true where it was not written yet. */
  isAsLeft(): boolean {
    return this.#file.isAsLeft();
  }

  /** @returns messages for the user: what was set aside. @throws WatchkeeperError as `ReplacedFile.write` */
  write(status: Status): string[] {
    return this.#file.write(`${JSON.stringify(status, null, 2)}\n`, Date.parse(status.updatedAt));
  }
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

function lastRunOf(run: StatusFacts['lastRun']): StatusFacts['lastRun'] {
  return run === null ? null : { module: run.module, outcome: run.outcome, endedAt: run.endedAt };
}
