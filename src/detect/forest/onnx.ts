import { model } from '../onnx/model.ts';
import { type Attribute, node } from '../onnx/node.ts';
import { tensor } from '../onnx/tensor.ts';
import { averagePathLength } from './path-length.ts';
import type { AboutForest } from './saved.ts';
import { type Place, placesOf } from './saved-tree.ts';
import type { TrainedForest } from './trained.ts';

/**
 * An isolation forest as an ONNX file.
 *
 * - Input: `values`, float [rows, features]: a run's metrics in their order, NaN where there is none; of a lone metric its value, the difference to
 *   the one before, and to the median of the latest 15. Outputs: `score`, float [rows], and `label`, int64 [rows]: 1 from the threshold on.
 * - Convention: the trees with TreeEnsembleRegressor, which gives the mean path length; the rest with ordinary operators. The sums are float32
 *   there: scores agree to about six digits.
 * - Source: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html
 */
export function forestToOnnx(trained: TrainedForest, about: AboutForest): Uint8Array<ArrayBuffer> {
  const { forest, medians, threshold } = trained;
  const average = averagePathLength(forest.sampleSize);
  return model({
    name: 'isolation_forest',
    description:
      'Isolation forest. values: the metrics of a run, NaN where there is none (of a lone metric: value, difference to the one before, ' +
      'difference to the median of the latest 15). score: 0 to 1, higher is more unusual. label: 1 where it is unusual.',
    metadata: metadataOf(trained, about),
    inputs: [{ name: 'values', type: 'float', dims: ['rows', forest.features] }],
    outputs: [
      { name: 'score', type: 'float', dims: ['rows'] },
      { name: 'label', type: 'int64', dims: ['rows'] },
    ],
    tensors: [
      tensor('medians', [1, forest.features], medians),
      tensor('last_axis', [1], BigInt64Array.of(1n)),
      tensor('exponent_per_step', [1], Float32Array.of(-1 / average)),
      tensor('two', [1], Float32Array.of(2)),
      tensor('threshold', [1], Float32Array.of(threshold)),
    ],
    nodes: [
      node('IsNaN', ['values'], ['missing']),
      node('Where', ['missing', 'medians', 'values'], ['filled']),
      node('TreeEnsembleRegressor', ['filled'], ['length_column'], treeAttributes(trained), 'ai.onnx.ml'),
      node('Squeeze', ['length_column', 'last_axis'], ['length']),
      node('Mul', ['length', 'exponent_per_step'], ['exponent']),
      node('Pow', ['two', 'exponent'], ['score']),
      node('GreaterOrEqual', ['score', 'threshold'], ['is_unusual']),
      node('Cast', ['is_unusual'], ['label'], { to: { int: 7 } }),
    ],
  });
}

function metadataOf({ observations, threshold }: TrainedForest, about: AboutForest): Record<string, string> {
  return {
    trainedAt: about.trainedAt,
    metrics: JSON.stringify(about.metrics),
    settings: JSON.stringify(about.settings),
    observations: String(observations),
    threshold: String(threshold),
  };
}

/** All places of all trees, one after another; each knows its tree and its number in it. */
function treeAttributes({ forest }: TrainedForest): Record<string, Attribute> {
  const all = Array.from({ length: forest.trees }, (_, tree) =>
    placesOf(forest, tree).map(place => ({ ...place, tree })),
  ).flat();
  const leaves = all.filter(({ size }) => size !== null);
  const next = (place: Place, side: number): number => (place.size === null ? 2 * place.node + side : 0);
  return {
    nodes_treeids: { ints: all.map(({ tree }) => tree) },
    nodes_nodeids: { ints: all.map(({ node }) => node) },
    nodes_featureids: { ints: all.map(({ feature }) => feature ?? 0) },
    nodes_values: { floats: Float32Array.from(all, ({ threshold }) => threshold ?? 0) },
    nodes_modes: { texts: all.map(({ size }) => (size === null ? 'BRANCH_LEQ' : 'LEAF')) },
    nodes_truenodeids: { ints: all.map(place => next(place, 1)) },
    nodes_falsenodeids: { ints: all.map(place => next(place, 2)) },
    target_treeids: { ints: leaves.map(({ tree }) => tree) },
    target_nodeids: { ints: leaves.map(({ node }) => node) },
    target_ids: { ints: leaves.map(() => 0) },
    target_weights: {
      floats: Float32Array.from(leaves, ({ level, size }) => level + averagePathLength(size ?? 0)),
    },
    n_targets: { int: 1 },
    aggregate_function: { text: 'AVERAGE' },
    post_transform: { text: 'NONE' },
  };
}
