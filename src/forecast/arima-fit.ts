import { leastSquares } from '../stats/least-squares.ts';
import {
  type ArimaCoefficients,
  type ArimaOrder,
  differenced,
  differenceLags,
  fillErrors,
  recursionOf,
} from './arima-model.ts';

export interface ArimaFit {
  coefficients: ArimaCoefficients;
  /** Sum of the squared errors from `from` on. */
  squares: number;
  /** How many errors that is. */
  count: number;
  /** Fitted numbers, the mean among them. */
  parameters: number;
}

/** Within the range in which the model is stationary and can be inverted, this near to its edge at most. */
const EDGE = 0.99;

/**
 * Fits an ARIMA model by conditional least squares: the coefficients that make the errors one step ahead small, the first ones taken as 0.
 *
 * - Convention: as R's `arima(method = "CSS")`. A mean is fitted where nothing is differenced. Coefficients are kept where the model is
 *   stationary and invertible, through their partial autocorrelations.
 * - Cost: about 15 (parameters + 1) passes over the values.
 * - Source: Box, Jenkins and Reinsel, "Time Series Analysis", chapter 7; the partial autocorrelations as in Barndorff-Nielsen and Schou,
 *   Journal of Multivariate Analysis 3 (1973), 408-419.
 *
 * @param from errors of differenced values before this one count as 0
 */
export function fitArima(values: Float64Array, order: ArimaOrder, from: number): ArimaFit {
  const lags = differenceLags(order);
  const series = differenced(values, lags);
  const hasMean = lags.length === 0;
  const errors = new Float64Array(series.length);
  const count = Math.max(series.length - from, 0);
  const start = [
    ...new Array<number>(order.ar + order.ma + order.seasonalAr + order.seasonalMa).fill(0.1),
    ...(hasMean ? [series.reduce((sum, value) => sum + value, 0) / Math.max(series.length, 1)] : []),
  ];
  const { parameters, squares } = leastSquares(
    (free, into) => {
      fillErrors(series, recursionOf(coefficientsOf(free, order), order.period), from, errors);
      into.set(errors.subarray(from));
    },
    start,
    count,
  );
  return { coefficients: coefficientsOf(parameters, order), squares, count, parameters: start.length };
}

function coefficientsOf(free: Float64Array, order: ArimaOrder): ArimaCoefficients {
  let from = 0;
  const next = (count: number): Float64Array => {
    from += count;
    return fromPartial(free.subarray(from - count, from));
  };
  const negated = (coefficients: Float64Array): Float64Array => coefficients.map(each => -each);
  return {
    ar: next(order.ar),
    ma: negated(next(order.ma)),
    seasonalAr: next(order.seasonalAr),
    seasonalMa: negated(next(order.seasonalMa)),
    mean: free[from] ?? 0,
  };
}

/** From any numbers to the coefficients of a stationary autoregression, by the recursion of Durbin and Levinson. */
function fromPartial(free: Float64Array): Float64Array {
  let coefficients = new Float64Array(0);
  for (const each of free) {
    const partial = EDGE * Math.tanh(each);
    const { length } = coefficients;
    const before = coefficients;
    coefficients = Float64Array.from({ length: length + 1 }, (_, at) =>
      at === length ? partial : (before[at] as number) - partial * (before[length - 1 - at] as number),
    );
  }
  return coefficients;
}
