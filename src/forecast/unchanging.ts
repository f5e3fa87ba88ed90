import type { Forecast, ForecastSettings } from './answer.ts';
import { naive } from './naive.ts';

/** So many equal values are taken for a rule: fewer say nothing of how far the next ones may lie off. */
const FEWEST = 5;

/** The forecast of values that are all alike: the same for ever. Without any value there is none. */
export function unchanging(values: readonly number[], { steps, nonNegative }: ForecastSettings): Forecast {
  const last = values.at(-1);
  const known = {
    model: naive.name,
    beatsNaive: null,
    yardstick: naive.name,
    period: null,
    used: values.length,
    origins: 0,
  };
  if (last === undefined)
    return { ...known, steps: [], models: [], words: ['There is no value yet, so nothing can be forecast.'] };
  const value = nonNegative ? Math.max(last, 0) : last;
  const bound = values.length < FEWEST ? null : value;
  const words =
    values.length < FEWEST
      ? `Too few values to learn from (${values.length}): the forecast is the last value, without an interval.`
      : `All ${values.length} values are alike: the forecast is that value.`;
  return {
    ...known,
    steps: Array.from({ length: steps }, () => ({ value, low: bound, high: bound })),
    models: [
      {
        ...{ name: naive.name, mae: 0, mase: null, smapePercent: 0, weight: 1 },
        values: new Array<number>(steps).fill(value),
      },
    ],
    words: [words],
  };
}
