import { changePoint } from './change-point.ts';
import type { Detector } from './detector.ts';
import { deviation } from './deviation.ts';
import { isolationForest } from './isolation-forest.ts';
import { lstmAutoencoder } from './lstm-autoencoder.ts';
import { newness } from './newness.ts';
import { seasonalEsd } from './seasonal-esd.ts';
import { zScore } from './z-score.ts';

/** Look at one metric by itself, and vote beside what makes its events and its score. */
export const VOTERS = [deviation, zScore, seasonalEsd] as const satisfies readonly Detector[];

/** Every detector, in the order in which they are told of. */
export const DETECTORS = [
  ...VOTERS,
  changePoint,
  newness,
  isolationForest,
  lstmAutoencoder,
] as const satisfies readonly Detector[];
