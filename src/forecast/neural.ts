import { seededRandom } from '../stats/random.ts';
import type { Forecaster } from './forecaster.ts';
import { featureCount, type Lesson, lagShape, lessonOf, toldAhead } from './lag-features.ts';
import { answer, createNetwork, train } from './network.ts';

const FEWEST_ROWS = 30;
const MOST_ROWS = 1000;
const HIDDEN = 8;
const BATCHES = 250;

/**
 * Neural network: one hidden layer of 8 units that is shown the latest values, those of one season ago and the place in the season.
 *
 * - Purpose: what depends on the latest values in a way that is no straight line.
 * - Convention: inputs and answers are brought to the same scale; 250 batches of 32 rows; the same seed gives the same network.
 * - Cost: 250 * 32 passes, about 10 ms.
 * - Source: see `Network`; told ahead step by step as in Zhang, Patuwo and Hu, "Forecasting with artificial neural networks", International
 *   Journal of Forecasting 14 (1998), 35-62.
 */
export const neural: Forecaster = {
  name: 'neural',
  fit(values, { period, seed }) {
    const shape = lagShape(values.length, period);
    const lesson = lessonOf(values, shape, MOST_ROWS);
    if (lesson.targets.length < FEWEST_ROWS) return null;
    const random = seededRandom(seed);
    const scale = scalesOf(lesson);
    const network = createNetwork(featureCount(shape), HIDDEN, random);
    train(network, scaledLesson(lesson, scale), BATCHES, random);
    const activity = new Float64Array(HIDDEN);
    return {
      forecast: (history, steps) =>
        toldAhead(history, steps, shape, row => {
          for (let at = 0; at < row.length; at += 1)
            row[at] = squeezed((row[at] as number) / (scale.inputs[at] as number));
          return answer(network, row, 0, activity) * scale.target;
        }),
    };
  },
};

/** An input this many times its usual size counts as that: a network knows nothing of what it has never seen. */
const MOST_INPUT = 5;

function squeezed(input: number): number {
  return Math.min(Math.max(input, -MOST_INPUT), MOST_INPUT);
}

/** Mean absolute size of each input and of the answer. */
function scalesOf({ rows, targets, features }: Lesson): { inputs: Float64Array; target: number } {
  const sums = new Float64Array(features);
  for (let row = 0; row < rows.length; row += features)
    for (let input = 0; input < features; input += 1)
      sums[input] = (sums[input] as number) + Math.abs(rows[row + input] as number);
  const inputs = sums.map(sum => sum / targets.length || 1);
  return { inputs, target: targets.reduce((sum, target) => sum + Math.abs(target), 0) / targets.length || 1 };
}

function scaledLesson(
  { rows, targets, features }: Lesson,
  { inputs, target }: { inputs: Float64Array; target: number },
): { rows: Float64Array; targets: Float64Array } {
  const scaled = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row += features)
    for (let input = 0; input < features; input += 1)
      scaled[row + input] = squeezed((rows[row + input] as number) / (inputs[input] as number));
  return { rows: scaled, targets: targets.map(value => value / target) };
}
