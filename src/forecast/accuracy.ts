/**
 * Mean absolute error in the values themselves of "same as last time", one step ahead: the scale of the MASE.
 *
 * - Source: Hyndman and Koehler, "Another look at measures of forecast accuracy", International Journal of Forecasting 22 (2006), 679-688.
 */
export function naiveScale(values: Float64Array): number {
  let sum = 0;
  for (let at = 1; at < values.length; at += 1)
    sum += Math.abs((values[at] as number) - (values[at - 1] as number));
  return values.length < 2 ? 0 : sum / (values.length - 1);
}

/** Mean of the absolute errors of each origin. */
export function meanErrors(errors: readonly Float64Array[]): number[] {
  return errors.map(each => each.reduce((sum, error) => sum + Math.abs(error), 0) / each.length);
}

/** Mean over all errors, those of an origin with many steps counting more. */
export function meanError(errors: readonly Float64Array[]): number {
  let sum = 0;
  let count = 0;
  for (const each of errors) {
    for (let at = 0; at < each.length; at += 1) sum += Math.abs(each[at] as number);
    count += each.length;
  }
  return count === 0 ? 0 : sum / count;
}

/** Symmetric absolute percentage error of one forecast, 0 to 200; a value and a forecast of 0 agree. */
export function symmetricPercent(value: number, forecast: number): number {
  const size = Math.abs(value / 2) + Math.abs(forecast / 2);
  return size === 0 ? 0 : 100 * (Math.abs(value / 2 - forecast / 2) / (size / 2));
}
