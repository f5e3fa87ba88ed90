import type { LstmSettings, TrainedLstm } from './model.ts';
import { parameterCount } from './parameters.ts';
import type { Scaling } from './scaling.ts';
import { MOST_METRICS, MOST_WINDOWS } from './train.ts';

const NAME = 'lstm-autoencoder';

/** Of the format; others are not read. */
const VERSION = 1;

/** A trained model as it is kept in a file: an object that JSON.stringify takes, about 65 KB as text. */
export function toJson(trained: TrainedLstm): Record<string, unknown> {
  return {
    name: NAME,
    version: VERSION,
    ...trained,
    whitening: [...trained.whitening],
    weights: [...trained.weights],
  };
}

/**
 * A model from what JSON.parse made of its file.
 *
 * @returns null for anything that `toJson` cannot have made: another format, a missing or wrong field, numbers too few, too many, too
 *   large or none, sizes beyond what is ever trained
 */
export function fromJson(data: unknown): TrainedLstm | null {
  if (!isRecord(data) || data['name'] !== NAME || data['version'] !== VERSION) return null;
  const { trainedAt, windows, metrics, seed, loss, threshold } = data;
  if (!isText(trainedAt) || !isInteger(windows, 1, MOST_WINDOWS) || !isInteger(seed, 0, 0xffff_ffff))
    return null;
  if (!isNumber(loss, 0, LARGEST) || !isNumber(threshold, SMALLEST, LARGEST)) return null;
  if (!isListOf(metrics, isText, 1, MOST_METRICS)) return null;
  const settings = settingsFrom(data['settings']);
  if (settings === null) return null;
  const parts = numbersFrom(data, metrics.length, settings);
  return parts && { trainedAt, windows, metrics: [...metrics], settings, seed, loss, threshold, ...parts };
}

const SMALLEST = 1e-12;
const LARGEST = 1e6;

/** From what on no model is trained: sizes that a file may not make us allocate. */
const MOST_HIDDEN = 64;
const LONGEST_TEXT = 200;

function settingsFrom(data: unknown): LstmSettings | null {
  if (!isRecord(data)) return null;
  const { hidden, latent, epochs, batch, rate, longestGradient } = data;
  if (!isInteger(hidden, 1, MOST_HIDDEN) || !isInteger(latent, 1, MOST_HIDDEN)) return null;
  if (!isInteger(epochs, 1, LARGEST) || !isInteger(batch, 1, LARGEST)) return null;
  if (!isNumber(rate, SMALLEST, LARGEST) || !isNumber(longestGradient, SMALLEST, LARGEST)) return null;
  return { hidden, latent, epochs, batch, rate, longestGradient };
}

function numbersFrom(
  { scaling, whitening, weights }: Record<string, unknown>,
  metrics: number,
  { hidden, latent }: LstmSettings,
): Pick<TrainedLstm, 'scaling' | 'whitening' | 'weights'> | null {
  const count = parameterCount({ metrics, hidden, latent });
  if (!isListOf(scaling, isScaling, metrics, metrics)) return null;
  if (!isListOf(whitening, isWeight, metrics ** 2, metrics ** 2)) return null;
  if (!isListOf(weights, isWeight, count, count)) return null;
  return {
    scaling: scaling.map(({ centre, scale }) => ({ centre, scale })),
    whitening: Float64Array.from(whitening),
    weights: Float64Array.from(weights),
  };
}

function isScaling(data: unknown): data is Scaling {
  return (
    isRecord(data) &&
    isNumber(data['centre'], -Number.MAX_VALUE, Number.MAX_VALUE) &&
    isNumber(data['scale'], Number.MIN_VALUE, Number.MAX_VALUE)
  );
}

function isWeight(data: unknown): data is number {
  return isNumber(data, -LARGEST, LARGEST);
}

function isListOf<T>(
  data: unknown,
  isItem: (item: unknown) => item is T,
  fewest: number,
  most: number,
): data is T[] {
  return Array.isArray(data) && data.length >= fewest && data.length <= most && [...data].every(isItem);
}

function isNumber(data: unknown, least: number, most: number): data is number {
  return typeof data === 'number' && data >= least && data <= most;
}

function isInteger(data: unknown, least: number, most: number): data is number {
  return Number.isInteger(data) && isNumber(data, least, most);
}

function isText(data: unknown): data is string {
  return typeof data === 'string' && data.length <= LONGEST_TEXT;
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
