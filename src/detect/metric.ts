import type { ModelSettings, Rule } from '../glossary/detection-settings.ts';
import { Confidence } from './confidence.ts';
import { learnInto, measured, type Observation, scoreOf } from './detector.ts';
import { VOTERS } from './detectors.ts';
import { flat, unflat } from './events/lists.ts';
import { beginPointScore, type PointScore } from './point-score.ts';
import { RunEvents } from './run-events.ts';
import { severityOf, type Verdict } from './verdict.ts';

export type Purpose = 'ranking' | 'events';

/** All that follows one metric. */
export interface MetricEnsemble {
  /** Judges a value by those before it, then learns from it. */
  next(value: number | null, timeMs: number | null): Verdict;
  /** What its events and their confidence rest on: small and exact. Of the votes only that of the z-score is in it. */
  save(): Float64Array<ArrayBuffer>;
  /**
   * Goes on from what was saved: the events are those of the one that saved it, and as sure. What else votes learns the history that is
   * given, which reaches up to there. @returns false where it cannot be read; nothing has changed then
   */
  restore(saved: Float64Array, history: readonly Observation[]): boolean;
}

/**
 * The detectors of one metric, joined to one verdict: episodes come from spikes and shifts, their confidence from these and the
 * z-score's vote, the score that ranks points of any series from how new they are, and every detector has its vote.
 *
 * @param purpose `ranking`: with the score, for which some 100 kB of a series are remembered; `events`: without it, for many series at once
 */
export function beginMetric(settings: ModelSettings, rule: Rule, purpose: Purpose): MetricEnsemble {
  const events = new RunEvents(settings.period);
  const points = purpose === 'ranking' ? beginPointScore(settings) : null;
  const confidence = new Confidence();
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
      const sureness = confidence.next(event, votes['z-score'] ?? null);
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
        confidence: sureness,
        score: point.score ?? 0,
        severity: event.event ? severityOf(sureness) : null,
        told: confidence.told,
        expected: event.expected ?? point.expected,
        votes,
      };
    },
    save: () =>
      flat([events.save(), ...confidence.save(), ...voters.map(({ model }) => model.save?.() ?? [])]),
    restore(saved, history) {
      const [ofEvents, told, recent, ...ofVoters] = unflat(saved, SAVED_LISTS) ?? [];
      if (!ofEvents || !told || !recent || !events.restore(ofEvents)) return false;
      confidence.restore([told, recent]);
      for (const [at, { model }] of voters.entries()) {
        if (model.restore !== undefined) model.restore(ofVoters[at] ?? new Float64Array());
        else learnInto(model, history);
      }
      return true;
    },
  };
}

/** Of the events, two of the confidence, and one of each that votes. */
const SAVED_LISTS = 3 + VOTERS.length;

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
