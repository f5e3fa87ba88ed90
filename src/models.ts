import type { NamedForest } from './detect/forest/named.ts';
import { forestToOnnx } from './detect/forest/onnx.ts';
import { fromJson as forestFrom, toJson as forestJson } from './detect/forest/saved.ts';
import { forestDefaults } from './detect/forest/settings.ts';
import { LSTM_SETTINGS, type TrainedLstm } from './detect/lstm/model.ts';
import { fromJson, toJson as lstmJson } from './detect/lstm/model-json.ts';
import { lstmOnnx } from './detect/lstm/onnx.ts';
import { MOST_METRICS, type TrainingRequest } from './detect/lstm/train.ts';
import type { ModelSettings } from './glossary/detection-settings.ts';
import type { Run } from './glossary/run.ts';
import { usualValues } from './judge/values.ts';
import type { ModelFiles } from './store/models.ts';

const FOREST = { json: 'isolation-forest.json', onnx: 'isolation_forest.onnx' };
const LSTM = { json: 'lstm-autoencoder.json', onnx: 'lstm_autoencoder.onnx' };

/**
 * Keeps a module's isolation forest: as JSON with where it comes from, and as ONNX for other programs.
 *
 * @returns the paths; none while it has learned nothing. @throws WatchkeeperError 'file'
 */
export function keepForest(
  files: ModelFiles,
  module: string,
  forest: NamedForest,
  settings: ModelSettings,
  trainedAt: string,
): string[] {
  const trained = forest.trained();
  if (trained === null) return [];
  const metrics = forest.metrics();
  const { contamination, modelUpdateInterval, seed } = settings;
  const about = {
    trainedAt,
    metrics,
    settings: { ...forestDefaults(metrics.length), contamination, modelUpdateInterval, seed },
  };
  return [
    files.write(module, FOREST.json, JSON.stringify(forestJson(trained, about))),
    files.write(module, FOREST.onnx, forestToOnnx(trained, about)),
  ];
}

/** When the forest that was kept was trained; null where there is none that can be read. */
export function forestKeptAt(files: ModelFiles, module: string): string | null {
  return forestFrom(files.read(module, FOREST.json))?.about.trainedAt ?? null;
}

/** Like `keepForest`. */
export function keepLstm(files: ModelFiles, module: string, trained: TrainedLstm): string[] {
  return [
    files.write(module, LSTM.json, JSON.stringify(lstmJson(trained))),
    files.write(module, LSTM.onnx, lstmOnnx(trained)),
  ];
}

/** The LSTM autoencoder that was kept; null where there is none, or none that can be read. */
export function keptLstm(files: ModelFiles, module: string): TrainedLstm | null {
  return fromJson(files.read(module, LSTM.json));
}

/** What the LSTM autoencoder of a module is trained with: its `ok` runs, in the metrics that most of them have. */
export function lstmRequest(runs: readonly Run[], seed: number, trainedAt: string): TrainingRequest {
  const values = runs.map(run => new Map(usualValues(run)));
  const counts = new Map<string, number>();
  for (const name of values.flatMap(each => [...each.keys()])) counts.set(name, (counts.get(name) ?? 0) + 1);
  const metrics = [...counts]
    .filter(([, count]) => count * 2 >= runs.length)
    .map(([name]) => name)
    .slice(0, MOST_METRICS);
  const history = values.map(each => metrics.map(name => each.get(name) ?? null));
  return { history, metrics, settings: LSTM_SETTINGS, seed, trainedAt };
}
