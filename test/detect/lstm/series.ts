import { LSTM_SETTINGS } from '../../../src/detect/lstm/model.ts';
import type { TrainingRequest } from '../../../src/detect/lstm/train.ts';
import type { Row } from '../../../src/detect/lstm/windows.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';

/** Two metrics that follow one load, as runtime and CPU time do; from `partsAt` on each goes its own way, as far up and down as before. */
export function pairSeries(length: number, partsAt: number, seed: number): Row[] {
  const random = seededRandom(seed);
  return Array.from({ length }, (_, index) => {
    const load = gaussian(random);
    const other = gaussian(random);
    return [10 + load, 5 + 0.5 * (index < partsAt ? load : other) + 0.1 * gaussian(random)];
  });
}

/** A small network and few epochs, where it matters only that it is trained. */
export const QUICK = { ...LSTM_SETTINGS, hidden: 4, latent: 2, epochs: 2 };

export function requestFor(history: readonly Row[], settings = QUICK): TrainingRequest {
  const metrics = (history[0] ?? []).map((_, metric) => `metric${metric}`);
  return { history, metrics, settings, seed: 1, trainedAt: '2026-01-02T03:04:05.000Z' };
}
