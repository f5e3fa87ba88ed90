import { LEVEL_CRITICAL, levelStatistic } from '../stats/kpss.ts';
import { type ArimaFit, fitArima } from './arima-fit.ts';
import { type ArimaOrder, arimaAhead, differenced } from './arima-model.ts';
import { correctedCriterion } from './criterion.ts';
import type { Forecaster } from './forecaster.ts';

const FEWEST = 15;
const MOST = 1000;

/** Orders of the autoregression and of the moving average that are tried; fewer where there is a season, which costs more. */
const PLAIN = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
  [2, 0],
  [0, 2],
  [2, 1],
  [1, 2],
] as const;
const WITH_SEASON = [
  [1, 0],
  [0, 1],
  [1, 1],
  [2, 1],
] as const;

/** All candidates leave out the errors of so many differenced values, so that their criteria can be compared. */
const CONDITIONED_ON = 2;

/**
 * ARIMA of small order: the next value from the latest values and the latest errors, with a season's differences where there is a season.
 *
 * - Purpose: series whose values pull one another along.
 * - Convention: differences where the test of KPSS says that the level does not stay; (p, q) up to 2 by the corrected information criterion
 *   (AICc); with a season (0 or 1, and 1 seasonal difference, one seasonal moving average). The latest 1,000 values teach it.
 * - Cost: about 500 passes over the values.
 * - Source: Box, Jenkins and Reinsel, "Time Series Analysis"; the choice as in Hyndman and Khandakar, Journal of Statistical Software 27 (2008).
 */
export const arima: Forecaster = {
  name: 'arima',
  fit(values, { period }) {
    const taught = values.subarray(Math.max(0, values.length - MOST));
    if (taught.length < FEWEST) return null;
    const season = period !== null && taught.length >= 3 * period ? period : null;
    const { order, fit } = bestOf(taught, season);
    return {
      forecast: (history, steps) =>
        arimaAhead(
          history.subarray(Math.max(0, history.length - MOST)),
          steps,
          order,
          fit.coefficients,
          CONDITIONED_ON,
        ),
    };
  },
};

function bestOf(values: Float64Array, season: number | null): { order: ArimaOrder; fit: ArimaFit } {
  const seasonal = season === null ? 0 : 1;
  const period = season ?? 1;
  const level = season === null ? values : differenced(values, [season]);
  const difference = levelStatistic(level) > LEVEL_CRITICAL ? 1 : 0;
  const candidates = (season === null ? PLAIN : WITH_SEASON).map(([ar, ma]) => {
    const order = {
      ar,
      difference,
      ma,
      seasonalAr: 0,
      seasonalDifference: seasonal,
      seasonalMa: seasonal,
      period,
    };
    const fit = fitArima(values, order, CONDITIONED_ON);
    return { order, fit, criterion: correctedCriterion(fit.squares, fit.count, fit.parameters) };
  });
  return candidates.reduce((best, other) => (other.criterion < best.criterion ? other : best));
}
