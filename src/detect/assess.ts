import type { Rule } from '../glossary/detection-settings.ts';
import type {
  AnomalyEvent,
  Assessment,
  ChangeEvent,
  Direction,
  Kind,
  LogEvent,
  Since,
} from '../glossary/event.ts';
import type { Run } from '../glossary/run.ts';
import { changeMessage } from '../judge/words.ts';
import { roundSignificant, roundTo } from '../stats/round.ts';
import { severityOf, type Told, type Verdict } from './verdict.ts';

/** What is known of the runs before, by a metric of the module. */
export interface Past {
  /** The first run of what began so many values of the metric ago (0: this run). */
  since(metric: string, beganAgo: number): Since | null;
  /** Whether the log has told of it already: of an incident of the metric, or of a change like it, since it began. */
  isTold(episode: Episode): boolean;
  /** The rule of the metric: smaller changes than its floor are of no interest. */
  rule(metric: string): Pick<Rule, 'thresholdPercent' | 'floor'>;
  idOf(metric: string): string;
}

/** What the detectors have seen begin in a metric, so many values of it ago. */
export interface Episode {
  metric: string;
  kind: Kind | null;
  direction: Direction | null;
  beganAgo: number;
}

/** The verdict on the metric of a run. */
export type MetricVerdict = Verdict & { value: number };

export interface Assessed {
  events: AnomalyEvent[];
  changes: ChangeEvent[];
}

/**
 * Adds to what the rule says of a run what the detectors say: to each event how sure it is, its kind, its severity, the votes,
 * and since when; and a `change` for each real change that the rule does not see.
 */
export function assess(
  run: Run,
  events: readonly AnomalyEvent[],
  verdicts: ReadonlyMap<string, MetricVerdict>,
  past: Past,
): Assessed {
  const isFlagged = new Set(events.map(({ metric }) => metric));
  const missed = [...verdicts].filter(
    ([metric, verdict]) =>
      verdict.event && !isFlagged.has(metric) && !past.isTold(episodeOf(metric, verdict)),
  );
  return {
    events: events.map(event => {
      const verdict = verdicts.get(event.metric);
      return verdict === undefined ? event : { ...event, ...assessmentOf(event, verdict, past) };
    }),
    changes: missed.flatMap(([metric, verdict]) => changeOf(run, metric, verdict, past)),
  };
}

function episodeOf(metric: string, { kind, direction, beganAgo }: MetricVerdict): Episode {
  return { metric, kind, direction, beganAgo: beganAgo ?? 0 };
}

type OfIncident = Pick<LogEvent, 'event' | 'metric' | 'direction' | 'runsOpen'>;

/**
 * What was noticed since the incident began holds for each of its lines: a change is told once, and what follows is judged by its new
 * level. What has persisted is a shift, whatever this run alone looks like: it began with its incident.
 */
function assessmentOf(event: OfIncident, verdict: MetricVerdict, past: Past): Assessment {
  const told = toldIn(event, verdict);
  const hasPersisted = event.event === 'persisted';
  const confidence = Math.max(verdict.confidence, told?.confidence ?? 0);
  const kind = hasPersisted ? 'shift' : (told?.kind ?? verdict.kind ?? 'spike');
  const beganAgo = told?.beganAgo ?? verdict.beganAgo ?? (hasPersisted ? event.runsOpen : 0);
  return {
    confidence: roundTo(confidence, 4),
    kind,
    severity: severityOf(confidence),
    votes: Object.fromEntries(
      Object.entries(verdict.votes).map(([name, vote]) => [name, vote === null ? null : roundTo(vote, 4)]),
    ),
    since: kind === 'shift' ? past.since(event.metric, beganAgo) : null,
  };
}

/** The episode that an incident is of. */
function toldIn({ direction, runsOpen }: OfIncident, { told }: MetricVerdict): Told | null {
  return told !== null && told.ago <= runsOpen && told.direction === direction ? told : null;
}

function changeOf(run: Run, metric: string, verdict: MetricVerdict, past: Past): ChangeEvent[] {
  const { sizePercent, direction, before, value } = verdict;
  const rule = past.rule(metric);
  if (before === null || direction === null || (sizeOf(verdict, value) ?? 0) < rule.floor) return [];
  const assessment = assessmentOf({ event: 'change', metric, direction, runsOpen: 0 }, verdict, past);
  const baseline = roundSignificant(before, 12);
  const facts = { module: run.module, metric, value, baseline };
  return [
    {
      time: run.endedAt,
      event: 'change',
      message: changeMessage({ ...facts, ...assessment, sizePercent }),
      ...facts,
      deviationPercent: sizePercent === null ? null : roundTo(Math.abs(sizePercent), 2),
      thresholdPercent: rule.thresholdPercent,
      direction,
      run: run.id,
      iteration: run.iteration,
      incident: past.idOf(metric),
      runsOpen: 0,
      ...assessment,
    },
  ];
}

/** Of a change, in the metric's own unit: of the level where it is a shift, of the value where it is a spike or the level was 0. */
export function sizeOf({ kind, sizePercent, before }: Verdict, value: number | null): number | null {
  if (before === null) return null;
  if (kind === 'shift' && sizePercent !== null) return Math.abs((before * sizePercent) / 100);
  return value === null ? null : Math.abs(value - before);
}
