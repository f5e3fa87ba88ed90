import { quantile } from '../../stats/quantile.ts';
import { errorOf, JUDGED, residualsOf } from './model.ts';
import { createNetwork, reconstruct, WINDOW } from './network.ts';
import type { NetworkSize } from './parameters.ts';
import { whiteningOf } from './whitening.ts';
import { fillInput, type Windows } from './windows.ts';

/** The newest share of the windows is kept from training. */
const HELD_OUT_SHARE = 0.2;

/**
 * A window is unusual from this quantile of the errors on, and from so many times their median on, whichever is more: of few windows a high
 * quantile is a matter of luck, and a median knows nothing of the regular jumps of a rhythm. On synthetic noise the quantile
 * alone has ten times the false episodes, and on a square wave the median alone flags every edge.
 */
const UNUSUAL_QUANTILE = 0.99;
const UNUSUAL_TIMES = 3;

/** A series without any noise leaves no error; then the threshold is far below that of noise, but above 0. */
const LEAST_ERROR = 0.01;

/** The first window held out, and how many are trained on: none that shares an observation with one held out. */
export function split({ count }: Windows): { trained: number; heldOut: number } {
  const heldOut = count - Math.ceil(count * HELD_OUT_SHARE);
  return { trained: heldOut - (WINDOW - 1), heldOut };
}

/** From the errors that trained weights leave: how to weigh them, and from where on they are unusual. */
export function calibrate(
  windows: Windows,
  size: NetworkSize,
  weights: Float64Array,
): { whitening: Float64Array; threshold: number } {
  const { trained, heldOut } = split(windows);
  const residuals = allResiduals(windows, size, weights);
  const perWindow = JUDGED * size.metrics;
  const whitening = whiteningOf(residuals.subarray(0, trained * perWindow), size.metrics).map(Math.fround);
  const errors = Float64Array.from({ length: windows.count }, (_, window) =>
    errorOf(residuals.subarray(window * perWindow, (window + 1) * perWindow), whitening, size.metrics),
  );
  // Those trained on count, too: there are more of them, and the ones held out may have been a quiet time.
  const threshold = Math.max(thresholdOf(errors.subarray(0, trained)), thresholdOf(errors.subarray(heldOut)));
  return { whitening, threshold };
}

function thresholdOf(errors: Float64Array): number {
  const [median = 0, high = 0] = [0.5, UNUSUAL_QUANTILE].map(p => quantile(errors, p) ?? 0);
  return Math.max(high, UNUSUAL_TIMES * median, LEAST_ERROR);
}

function allResiduals(windows: Windows, size: NetworkSize, weights: Float64Array): Float64Array {
  const network = createNetwork(size, 1, weights);
  const perWindow = JUDGED * size.metrics;
  const residuals = new Float64Array(windows.count * perWindow);
  const order = Int32Array.from({ length: windows.count }, (_, index) => index);
  for (let window = 0; window < windows.count; window += 1) {
    fillInput(network, windows, order, window);
    reconstruct(network);
    residualsOf(network, residuals.subarray(window * perWindow, (window + 1) * perWindow));
  }
  return residuals;
}
