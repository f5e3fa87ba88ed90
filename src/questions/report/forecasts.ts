import type { Forecast } from '../../report/data.ts';
import type { ForecastAnswer } from '../forecast.ts';
import type { ReportScope } from './scope.ts';

/** A chart goes so far ahead, of how far the report looks back. */
const AHEAD = 1 / 4;

/**
 * What a chart shows of a forecast, and when it reaches the limit that it was asked for, which may be later.
 *
 * @returns null where there is none, where it has no interval, or where it would have ended by now
 */
export function chartForecast(
  answer: ForecastAnswer | undefined,
  { fromMs, toMs }: Pick<ReportScope, 'fromMs' | 'toMs'>,
): Forecast | null {
  if (answer === undefined) return null;
  const { model, level, words, reaches, beatsNaive } = answer;
  const untilMs = toMs + (toMs - fromMs) * AHEAD;
  const ahead = answer.steps.map(step => ({ ...step, timeMs: Date.parse(step.time) }));
  const steps = ahead.filter(({ timeMs }, index) => index === 0 || timeMs <= untilMs);
  const [low, high] = [known(steps.map(step => step.low)), known(steps.map(step => step.high))];
  if (low === null || high === null || (steps.at(-1)?.timeMs ?? 0) <= toMs) return null;
  const expected = beatsNaive === true ? (reaches?.expected ?? null) : null;
  return {
    ...{ method: model, timesMs: steps.map(step => step.timeMs), values: steps.map(step => step.value) },
    ...{ low, high, level, words: words.join(' ') },
    reachesLimitMs: expected === null ? null : Date.parse(expected),
  };
}

function known(values: readonly (number | null)[]): number[] | null {
  const all = values.filter(value => value !== null);
  return all.length === values.length ? all : null;
}
