import type { ServiceStatus } from '../glossary/service.ts';
import type { ServiceSettings } from '../glossary/settings.ts';

/** A start with a health check may take so long at least before it counts as failed. */
const MIN_START_LIMIT_MS = 30_000;
/** Between the checks of a service that is starting, so that it counts as up soon after it is. */
const STARTING_CHECK_MS = 200;
/** A service without a health check counts as running once it has lived so long. */
const SETTLE_MS = 250;
/** The shortest pause before a restart, whatever the settings say: no busy loop. */
const MIN_DELAY_MS = 100;

/** Where one service stands. Times are of a clock that never goes back. */
export interface ServiceLife {
  status: ServiceStatus;
  /** Of the last start. */
  startedAtMs: number;
  /** Since when it has been healthy or running; null while it is not, or not yet. */
  upSinceMs: number | null;
  /** Failed health checks in a row. */
  failures: number;
  /** Restarts since it was last up for long: each doubles the delay. */
  restartsInRow: number;
  restartCount: number;
  problem: string | null;
  /** The last start failed for a reason that will hardly be over at the next one, such as a program that is missing. */
  cannotStart: boolean;
}

export type ServiceEvent =
  | { kind: 'start' }
  /** The answer to `check`: null when it is well. */
  | { kind: 'checked'; problem: string | null }
  /** The process is over; permanent: it could not be started, and trying again will hardly help. */
  | { kind: 'ended'; problem: string; permanent: boolean }
  /** The pause before the restart is over. */
  | { kind: 'due' }
  | { kind: 'stop' };

export type ServiceEffect =
  | { kind: 'spawn' }
  /** End the process and all that it started; `ended` follows. */
  | { kind: 'end' }
  | { kind: 'check'; afterMs: number }
  | { kind: 'wait'; afterMs: number }
  | { kind: 'tell'; message: string };

export interface ServiceStep {
  life: ServiceLife;
  effects: ServiceEffect[];
}

export type ServiceRules = Pick<ServiceSettings, 'name' | 'health' | 'restartDelayMs' | 'maxRestartDelayMs'>;

export function newLife(restartCount = 0): ServiceLife {
  return {
    status: 'stopped',
    startedAtMs: 0,
    upSinceMs: null,
    failures: 0,
    restartsInRow: 0,
    restartCount,
    problem: null,
    cannotStart: false,
  };
}

/** Whether it is on its way up: neither up, nor stopped, nor waiting for something that only a person can mend. */
export function isComingUp({ status, cannotStart }: ServiceLife): boolean {
  return status === 'starting' || status === 'unhealthy' || (status === 'waiting' && !cannotStart);
}

/**
 * What becomes of a service, and what has to be done for it:
 *
 * ```
 * stopped --start--> starting --check ok--> healthy | running
 *                       |                       |
 *        start limit over, or died       died, or `failures` checks in a row failed
 *                       v                       v
 *          (unhealthy: ended first) --ended--> waiting --due--> starting
 * ```
 *
 * Failed checks do not count before the first good one: a start may take 30 s, or `failures` times `everyMs` if that
 * is longer. The delay before a restart begins with `restartDelayMs` and doubles up to `maxRestartDelayMs`; it begins
 * anew once the service was up for longer than `maxRestartDelayMs`. An event that does not fit the status is late and
 * changes nothing.
 */
export function nextStep(
  life: ServiceLife,
  event: ServiceEvent,
  rules: ServiceRules,
  nowMs: number,
): ServiceStep {
  switch (event.kind) {
    case 'start':
      return life.status === 'stopped' ? started(life, rules, nowMs) : unchanged(life);
    case 'due':
      if (life.status !== 'waiting') return unchanged(life);
      return started({ ...life, restartCount: life.restartCount + 1 }, rules, nowMs);
    case 'checked':
      return checked(life, event.problem, rules, nowMs);
    case 'ended':
      return life.status === 'stopped' ? unchanged(life) : ended(life, event, rules, nowMs);
    case 'stop':
      return {
        life: { ...life, status: 'stopped', upSinceMs: null },
        effects: hasProcess(life) ? [{ kind: 'end' }] : [],
      };
  }
}

/** An unhealthy one has been told to end already. */
function hasProcess({ status }: ServiceLife): boolean {
  return status === 'starting' || status === 'healthy' || status === 'running';
}

function unchanged(life: ServiceLife): ServiceStep {
  return { life, effects: [] };
}

function started(life: ServiceLife, { health }: ServiceRules, nowMs: number): ServiceStep {
  const afterMs = health === null ? SETTLE_MS : STARTING_CHECK_MS;
  return {
    life: { ...life, status: 'starting', startedAtMs: nowMs, upSinceMs: null, failures: 0 },
    effects: [{ kind: 'spawn' }, { kind: 'check', afterMs }],
  };
}

function checked(life: ServiceLife, problem: string | null, rules: ServiceRules, nowMs: number): ServiceStep {
  if (!hasProcess(life)) return unchanged(life);
  if (problem === null) return well(life, rules, nowMs);
  return life.status === 'starting' ? notYetUp(life, problem, rules, nowMs) : failing(life, problem, rules);
}

function well(life: ServiceLife, { name, health }: ServiceRules, nowMs: number): ServiceStep {
  const status = health === null ? 'running' : 'healthy';
  const tell: ServiceEffect[] =
    life.status === 'starting' ? [{ kind: 'tell', message: `service ${name} is ${status}` }] : [];
  const check: ServiceEffect[] = health === null ? [] : [{ kind: 'check', afterMs: health.everyMs }];
  return {
    life: { ...life, status, upSinceMs: life.upSinceMs ?? nowMs, failures: 0 },
    effects: [...tell, ...check],
  };
}

function notYetUp(life: ServiceLife, problem: string, rules: ServiceRules, nowMs: number): ServiceStep {
  const { everyMs = 0, failures = 0 } = rules.health ?? {};
  const limitMs = Math.max(MIN_START_LIMIT_MS, failures * everyMs);
  if (nowMs - life.startedAtMs < limitMs) {
    return { life, effects: [{ kind: 'check', afterMs: STARTING_CHECK_MS }] };
  }
  return unhealthy(life, `${problem}, ${limitMs / 1000} s after its start`, rules);
}

function failing(life: ServiceLife, problem: string, rules: ServiceRules): ServiceStep {
  const failures = life.failures + 1;
  const { failures: limit = 1, everyMs = 0 } = rules.health ?? {};
  if (failures >= limit)
    return unhealthy({ ...life, failures }, `${problem}, ${failures} time(s) in a row`, rules);
  return { life: { ...life, failures }, effects: [{ kind: 'check', afterMs: everyMs }] };
}

function unhealthy(life: ServiceLife, problem: string, { name }: ServiceRules): ServiceStep {
  return {
    life: { ...life, status: 'unhealthy', problem },
    effects: [
      { kind: 'tell', message: `service ${name} is unhealthy: ${problem}; it is ended and restarted` },
      { kind: 'end' },
    ],
  };
}

function ended(
  life: ServiceLife,
  event: { problem: string; permanent: boolean },
  rules: ServiceRules,
  nowMs: number,
): ServiceStep {
  const { name, maxRestartDelayMs } = rules;
  const wasUpLong = life.upSinceMs !== null && nowMs - life.upSinceMs > maxRestartDelayMs;
  const restartsInRow = wasUpLong ? 0 : life.restartsInRow;
  const afterMs = event.permanent
    ? Math.max(MIN_DELAY_MS, maxRestartDelayMs)
    : restartDelay(rules, restartsInRow);
  // An unhealthy one ended because we ended it: what was wrong with it is known already.
  const problem = life.status === 'unhealthy' ? life.problem : event.problem;
  const isKnown = event.permanent && life.problem === event.problem;
  const message = `service ${name}: ${problem}; next start in ${afterMs / 1000} s`;
  return {
    life: {
      ...life,
      status: 'waiting',
      upSinceMs: null,
      restartsInRow: restartsInRow + 1,
      problem,
      cannotStart: event.permanent,
    },
    effects: [...(isKnown ? [] : [{ kind: 'tell', message } as const]), { kind: 'wait', afterMs }],
  };
}

function restartDelay({ restartDelayMs, maxRestartDelayMs }: ServiceRules, restartsInRow: number): number {
  const doubled = Math.max(MIN_DELAY_MS, restartDelayMs) * 2 ** Math.min(restartsInRow, 30);
  return Math.max(MIN_DELAY_MS, Math.min(doubled, maxRestartDelayMs));
}
