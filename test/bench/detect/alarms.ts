import type { Model } from '../../../src/detect/detector.ts';
import { beginDeviation } from '../../../src/detect/deviation.ts';
import { beginMetric } from '../../../src/detect/metric.ts';
import { RunEvents } from '../../../src/detect/run-events.ts';
import { beginSeasonalEsd } from '../../../src/detect/seasonal-esd.ts';
import { beginZScore } from '../../../src/detect/z-score.ts';
import { mean } from '../../../src/stats/mean.ts';
import { DETECTION } from '../../supervise/played.ts';
import type { Alarm } from './episodes.ts';

/** Something that says of each value whether it raises an alarm. */
export interface Alarmer {
  name: string;
  begin(): (value: number) => { event: boolean; confidence: number };
}

const RULE = { ...DETECTION, floor: 0 };

/** The ensemble, each detector by itself, and what people use without any. */
export const ALARMERS: Alarmer[] = [
  {
    name: 'ensemble',
    begin() {
      const ensemble = beginMetric(DETECTION, RULE, 'ranking');
      return value => ensemble.next(value, null);
    },
  },
  {
    name: 'change-point',
    begin() {
      const events = new RunEvents(null);
      return value => {
        const { event, kind } = events.next(value);
        return alarm(event && kind === 'shift');
      };
    },
  },
  votes('seasonal-esd', () => beginSeasonalEsd(DETECTION)),
  votes('z-score', () => beginZScore(1)),
  votes('the rule (25 %)', () => beginDeviation(RULE)),
  { name: 'z > 3 over 20 runs', begin: () => windowed(20, 3, plain) },
  { name: 'robust z > 3.5 over 20', begin: () => windowed(20, 3.5, robust) },
];

/** Spikes and shifts, with so many times the evidence asked for. */
export function eventsWith(strictness: number): Alarmer {
  return {
    name: `events, ${strictness}`,
    begin() {
      const events = new RunEvents(null, strictness);
      return value => alarm(events.next(value).event);
    },
  };
}

export function alarmsOf({ begin }: Alarmer, values: readonly number[]): Alarm[] {
  const next = begin();
  return values.flatMap((value, index) => {
    const { event, confidence } = next(value);
    return event ? [{ index, confidence }] : [];
  });
}

function votes(name: string, begin: () => Model): Alarmer {
  return {
    name,
    begin() {
      const model = begin();
      return value => {
        const score = model.next({ values: [value], timeMs: null }).score ?? 0;
        return { event: score >= 0.5, confidence: score };
      };
    },
  };
}

interface Centre {
  centre: number;
  deviation: number;
}

function windowed(
  window: number,
  limit: number,
  of: (values: number[]) => Centre,
): ReturnType<Alarmer['begin']> {
  const recent: number[] = [];
  return value => {
    const { centre, deviation } = of(recent);
    const event = recent.length >= 5 && Math.abs(value - centre) > limit * deviation;
    recent.push(value);
    if (recent.length > window) recent.shift();
    return alarm(event);
  };
}

/** Of something that does not say how sure it is. */
function alarm(event: boolean): { event: boolean; confidence: number } {
  return { event, confidence: event ? 1 : 0 };
}

function plain(values: number[]): Centre {
  const centre = mean(values) ?? 0;
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return { centre, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

function robust(values: number[]): Centre {
  const centre = median(values);
  return { centre, deviation: 1.4826 * median(values.map(value => Math.abs(value - centre))) };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
