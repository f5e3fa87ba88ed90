import {
  type Detector,
  type Model,
  NO_OPINION,
  type Observation,
  type Opinion,
  scoreOf,
} from './detector.ts';
import type { Matrix } from './lstm/matrix.ts';
import { JUDGED, networkOf, type TrainedLstm, windowError } from './lstm/model.ts';
import { type Network, WINDOW } from './lstm/network.ts';
import { scaled } from './lstm/scaling.ts';

/**
 * LSTM autoencoder: the newest 16 observations are pressed through a narrow place and written out again; how far the newest 8 come out
 * changed says how unusual they are together. It sees what no metric shows by itself: two that part company, a rhythm that breaks.
 *
 * - Cost: about 65 us an observation, 0.1 MB a model; nothing is learned here, the weights come from `train`.
 * - Limits: a lasting change stays unusual until the next training; a run far off is felt in the seven after it.
 * - Source: see `lstm/network.ts`.
 *
 * @param trained null: it has no opinion
 */
export function beginLstm(trained: TrainedLstm | null): Model {
  if (trained === null) return { next: () => NO_OPINION };
  const network = networkOf(trained);
  const residuals = new Float64Array(JUDGED * trained.metrics.length);
  let seen = 0;
  return {
    next(observation: Observation): Opinion {
      pushRow(network, observation, trained);
      seen = Math.min(seen + 1, WINDOW);
      if (seen < WINDOW || observation.values.every(value => value === null)) return NO_OPINION;
      const error = windowError(network, trained.whitening, residuals);
      return { ...NO_OPINION, score: scoreOf(error, trained.threshold) };
    },
  };
}

/** Every observation in the network's input moves one place towards the oldest, and the new one comes last. */
function pushRow({ input, size }: Network, { values }: Observation, { scaling }: TrainedLstm): void {
  for (let step = 1; step < WINDOW; step += 1) {
    const to = (input[step - 1] as Matrix).data;
    const from = (input[step] as Matrix).data;
    for (let metric = 0; metric < size.metrics; metric += 1) to[metric] = from[metric] as number;
  }
  const newest = (input[WINDOW - 1] as Matrix).data;
  scaling.forEach((each, metric) => {
    newest[metric] = scaled(values[metric], each);
  });
}

/** In the list of detectors; it has no opinion until somebody gives it weights. */
export const lstmAutoencoder: Detector = {
  name: 'lstm-autoencoder',
  begin: () => beginLstm(null),
};
