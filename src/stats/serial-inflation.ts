import { ranksOf } from './ranks.ts';

/** Correlation beyond this cannot be told from a drift. */
const MOST = 0.95;
const FEWEST = 10;

/**
 * How many times more uncertain the level of a series is than that of as many independent values.
 *
 * - Purpose: runs that follow one another are alike (a warm cache, a busy neighbour); a test that takes them for independent sees
 *   changes that are none. Its z is divided by the root of this.
 * - Convention: each piece has a level of its own and is in the order of time. The correlation r of neighbours is measured on ranks over
 *   all pieces together, mended for its bias in short series, and taken as that of a first-order autoregression: the factor is
 *   1 + 2 sum (1 - k / n) r^k over the lags of the mean piece. Never below 1; 1 where fewer than 10 pairs of neighbours are known.
 * - Cost: O(n log n).
 * - Source: G. U. Yule and G. T. Walker's autoregression; the bias: F. H. C. Marriott and J. A. Pope, "Bias in the Estimation of
 *   Autocorrelations", Biometrika 41 (1954), 390-402; the factor: G. V. Bayley and J. M. Hammersley, "The Effective Number of Independent
 *   Observations in an Autocorrelated Time Series", Journal of the Royal Statistical Society, supplement 8 (1946), 184-197.
 *
 * @param fitted how many figures were fitted to each piece: 1 for its level, 2 for what is left of it around a line
 * @example serialInflation([[1, 1, 2, 2, 3, 3, 2, 2, 1, 1, 2, 2]]) // 6.9: the 12 values are worth fewer than 2
 */
export function serialInflation(pieces: readonly ArrayLike<number>[], fitted = 1): number {
  let [products, squares, count, neighbours] = [0, 0, 0, 0];
  for (const piece of pieces) {
    const { ranks } = ranksOf(piece);
    const middle = (ranks.length + 1) / 2;
    const scale = 1 / Math.max(ranks.length, 1);
    ranks.forEach((rank, index) => {
      const here = (rank - middle) * scale;
      squares += here * here;
      if (index > 0) products += here * ((ranks[index - 1] ?? 0) - middle) * scale;
    });
    count += ranks.length;
    neighbours += Math.max(0, ranks.length - 1);
  }
  if (neighbours < FEWEST || squares === 0) return 1;
  const raw = (products / neighbours) * (count / squares);
  const bias = (fitted * pieces.length) / count;
  const correlation = Math.min((raw + bias) / Math.max(1 - 3 * bias, 0.25), MOST);
  return correlation <= 0 ? 1 : inflationAt(correlation, count / pieces.length);
}

function inflationAt(correlation: number, length: number): number {
  let factor = 1;
  let power = 1;
  for (let lag = 1; lag < length && power > 1e-6; lag++) {
    power *= correlation;
    factor += 2 * (1 - lag / length) * power;
  }
  return factor;
}
