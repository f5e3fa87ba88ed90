import { featureCount, LARGEST } from './features.ts';
import { emptyForest } from './forest.ts';
import { listOf, putList } from './saved-tree.ts';
import type { ForestSettings } from './settings.ts';
import type { TrainedForest } from './trained.ts';

const NAME = 'isolation-forest';
const VERSION = 1;

/** More than these are no forest of ours, and a reader of one would have to set aside much memory. */
const MOST_TREES = 1000;
const MOST_SAMPLES = 4096;
const MOST_METRICS = 1000;

/** What is known of a forest beside its trees. */
export interface AboutForest {
  /** ISO 8601, UTC. */
  trainedAt: string;
  /** Names, in the order of an observation's values. */
  metrics: string[];
  settings: ForestSettings;
}

/** A forest as it is kept: plain data, to be written as JSON. */
export interface SavedForest extends AboutForest {
  name: typeof NAME;
  version: typeof VERSION;
  observations: number;
  sampleSize: number;
  medians: number[];
  typical: number;
  threshold: number;
  /** Each as in `listOf`. */
  trees: number[][];
}

export function toJson(trained: TrainedForest, about: AboutForest): SavedForest {
  const { forest, medians, typical, threshold, observations } = trained;
  return {
    name: NAME,
    version: VERSION,
    ...about,
    observations,
    sampleSize: forest.sampleSize,
    medians: [...medians],
    typical,
    threshold,
    trees: Array.from({ length: forest.trees }, (_, tree) => listOf(forest, tree)),
  };
}

/** Reads what `toJson` made; null for anything else: another version, a damaged or a hostile file. */
export function fromJson(json: unknown): { trained: TrainedForest; about: AboutForest } | null {
  if (!isSaved(json)) return null;
  const { trainedAt, metrics, settings, observations, typical, threshold } = json;
  const forest = emptyForest(featureCount(metrics.length), json.trees.length, json.sampleSize);
  if (!json.trees.every((list, tree) => putList(forest, tree, list))) return null;
  const medians = Float32Array.from(json.medians);
  return {
    trained: { forest, medians, typical, threshold, observations },
    about: { trainedAt, metrics, settings },
  };
}

/** All but what is in the trees. */
function isSaved(json: unknown): json is SavedForest {
  if (!isRecord(json) || json['name'] !== NAME || json['version'] !== VERSION) return false;
  const { metrics, medians, typical, threshold, sampleSize, observations, trees, settings } = json;
  return (
    isTime(json['trainedAt']) &&
    isList(metrics, isText, 1, MOST_METRICS) &&
    isList(medians, isMedian, featureCount(metrics.length), featureCount(metrics.length)) &&
    isBetween(typical, 0, 1) &&
    isBetween(threshold, typical, 1) &&
    threshold > typical &&
    isCount(sampleSize, 2, MOST_SAMPLES) &&
    isCount(observations, sampleSize, Number.MAX_SAFE_INTEGER) &&
    isList(trees, Array.isArray, 1, MOST_TREES) &&
    isSettings(settings) &&
    settings.trees === trees.length &&
    settings.sampleSize >= sampleSize
  );
}

function isSettings(value: unknown): value is ForestSettings {
  if (!isRecord(value)) return false;
  const { contamination, modelUpdateInterval, seed, trees, sampleSize } = value;
  return (
    (contamination === null || (isBetween(contamination, 0, 0.5) && contamination > 0)) &&
    isCount(modelUpdateInterval, 1, Number.MAX_SAFE_INTEGER) &&
    isCount(seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) &&
    isCount(trees, 1, MOST_TREES) &&
    isCount(sampleSize, 2, MOST_SAMPLES)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList<T>(
  value: unknown,
  isItem: (item: unknown) => item is T,
  least: number,
  most: number,
): value is T[] {
  return Array.isArray(value) && value.length >= least && value.length <= most && value.every(isItem);
}

function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && isBetween(value, least, most);
}

function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function isMedian(value: unknown): value is number {
  return isBetween(value, -Math.fround(LARGEST), Math.fround(LARGEST));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
