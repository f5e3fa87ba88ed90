import type { ModelSettings, Rule } from '../glossary/detection-settings.ts';
import { learnInto, measured, type Observation, scoreOf } from './detector.ts';
import { VOTERS } from './detectors.ts';
import { beginPointScore, type PointScore } from './point-score.ts';
import { RunEvents } from './run-events.ts';
import { severityOf, type Verdict } from './verdict.ts';

export type Purpose = 'ranking' | 'events';

/** All that follows one metric. */
export interface MetricEnsemble {
  /** Judges a value by those before it, then learns from it. */
  next(value: number | null, timeMs: number | null): Verdict;
  /** What its events rest on: small and exact. The votes are not in it. */
  save(): Float64Array<ArrayBuffer>;
  /**
   * Goes on from what was saved: the events are those of the one that saved it. What votes learns the history that is given, which
   * reaches up to there. @returns false where it cannot be read; nothing has changed then
   */
  restore(saved: Float64Array, history: readonly Observation[]): boolean;
}

/**
 * The detectors of one metric, joined to one verdict: episodes and their confidence come from spikes and shifts, the score that ranks
 * points of any series from how new they are, and every detector has its vote.
 *
 * @param purpose `ranking`: with the score, for which some 100 kB of a series are remembered; `events`: without it, for many series at once
 */
export function beginMetric(settings: ModelSettings, rule: Rule, purpose: Purpose): MetricEnsemble {
  const events = new RunEvents(settings.period);
  const points = purpose === 'ranking' ? beginPointScore(settings) : null;
  const voters = VOTERS.map(({ name, begin }) => ({ name, model: begin({ ...settings, rule }, 1) }));
  const blank = blankVotes(purpose);
  return {
    next(given, timeMs) {
      const value = measured(given);
      const observation: Observation = { values: [value], timeMs };
      const point = points?.next(value, timeMs) ?? NOT_RANKED;
      const event = events.next(value);
      const votes: Verdict['votes'] = { ...blank }; // a copy of one shape is quicker than one that grows
      for (const { name, model } of voters) votes[name] = model.next(observation).score;
      votes['change-point'] = voteOf(event.shiftStrength);
      votes['spike'] = voteOf(event.spikeStrength);
      if (points !== null) {
        votes['novelty'] = point.votes.novelty;
        votes['same-phase'] = point.votes['same-phase'];
      }
      // Each by its name: a rest and a spread for every value would take longer than most detectors.
      return {
        event: event.event,
        kind: event.kind,
        direction: event.direction,
        beganAgo: event.beganAgo,
        before: event.before,
        sizePercent: event.sizePercent,
        confidence: event.confidence,
        score: point.score ?? 0,
        severity: event.event ? severityOf(event.confidence) : null,
        expected: event.expected ?? point.expected,
        votes,
      };
    },
    save: () => events.save(),
    restore(saved, history) {
      if (!events.restore(saved)) return false;
      for (const { model } of voters) learnInto(model, history);
      return true;
    },
  };
}

const NOT_RANKED: PointScore = {
  score: null,
  expected: null,
  votes: { novelty: null, 'same-phase': null },
};

/** The names in the order in which they are shown. */
function blankVotes(purpose: Purpose): Verdict['votes'] {
  const ranking = purpose === 'ranking' ? ['novelty', 'same-phase'] : [];
  const names = [...VOTERS.map(({ name }) => name), 'change-point', 'spike', ...ranking];
  return Object.fromEntries(names.map(name => [name, null]));
}

function voteOf(strength: number | null): number | null {
  return strength === null ? null : scoreOf(strength, 1);
}
