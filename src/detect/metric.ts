import type { ModelSettings, Rule } from '../types.ts';
import { type Observation, scoreOf } from './detector.ts';
import { beginDeviation } from './deviation.ts';
import { beginPointScore } from './point-score.ts';
import { RunEvents } from './run-events.ts';
import { beginSeasonalEsd } from './seasonal-esd.ts';
import { severityOf, type Verdict } from './verdict.ts';
import { beginZScore } from './z-score.ts';

export type Purpose = 'ranking' | 'events';

/** All that follows one metric. */
export interface MetricEnsemble {
  /** Judges a value by those before it, then learns from it. */
  next(value: number | null, timeMs: number | null): Verdict;
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
  const deviation = beginDeviation(rule);
  const zScore = beginZScore(1);
  const esd = beginSeasonalEsd(settings);
  return {
    next(value, timeMs) {
      const observation: Observation = { values: [value], timeMs };
      const point = points?.next(value, timeMs) ?? NOT_RANKED;
      const { shiftStrength, spikeStrength, ...event } = events.next(value);
      return {
        ...event,
        score: point.score ?? 0,
        severity: event.event ? severityOf(event.confidence) : null,
        expected: event.expected ?? point.expected,
        votes: {
          deviation: deviation.next(observation).score,
          'z-score': zScore.next(observation).score,
          'seasonal-esd': esd.next(observation).score,
          'change-point': voteOf(shiftStrength),
          spike: voteOf(spikeStrength),
          ...point.votes,
        },
      };
    },
  };
}

const NOT_RANKED = { score: null, expected: null, votes: {} };

function voteOf(strength: number | null): number | null {
  return strength === null ? null : scoreOf(strength, 1);
}
