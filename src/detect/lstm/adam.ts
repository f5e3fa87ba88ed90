/**
 * Adam: gradient descent in which each weight has its own pace, from running means of its gradient and of the gradient's square.
 *
 * - Purpose: training of the autoencoder.
 * - Convention: b1 = 0.9, b2 = 0.999, eps = 1e-8, with the correction of both means for their beginning at 0.
 * - Cost: O(weights) a step; allocates nothing after the beginning.
 * - Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1.
 */
export interface Adam {
  /** Moves the weights against the gradients, by about `rate` each. */
  step(rate: number): void;
}

const MEAN_KEEP = 0.9;
const SQUARE_KEEP = 0.999;
const TINY = 1e-8;

export function createAdam(weights: Float64Array, gradients: Float64Array): Adam {
  const means = new Float64Array(weights.length);
  const squares = new Float64Array(weights.length);
  let steps = 0;
  return {
    step(rate) {
      steps += 1;
      const meanPart = rate / (1 - MEAN_KEEP ** steps);
      const squarePart = 1 / (1 - SQUARE_KEEP ** steps);
      for (let at = 0; at < weights.length; at += 1) {
        const gradient = gradients[at] as number;
        const mean = MEAN_KEEP * (means[at] as number) + (1 - MEAN_KEEP) * gradient;
        const square = SQUARE_KEEP * (squares[at] as number) + (1 - SQUARE_KEEP) * gradient * gradient;
        means[at] = mean;
        squares[at] = square;
        weights[at] = (weights[at] as number) - (meanPart * mean) / (Math.sqrt(squarePart * square) + TINY);
      }
    },
  };
}

/**
 * Shortens the gradients as a whole where they are longer than `longest`: one steep place must not throw the weights far off.
 *
 * - Source: Pascanu, Mikolov and Bengio, "On the Difficulty of Training Recurrent Neural Networks" (2013).
 */
export function clipByLength(gradients: Float64Array, longest: number): void {
  let squares = 0;
  for (let at = 0; at < gradients.length; at += 1) squares += (gradients[at] as number) ** 2;
  const length = Math.sqrt(squares);
  if (length <= longest) return;
  const factor = longest / length;
  for (let at = 0; at < gradients.length; at += 1) gradients[at] = (gradients[at] as number) * factor;
}
