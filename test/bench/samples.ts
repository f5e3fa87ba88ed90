import { quantile } from '../../src/stats/quantile.ts';

/** NaN for no samples, which no table may show. */
export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5) ?? Number.NaN;
}

export function p95(samples: readonly number[]): number {
  return quantile(samples, 0.95) ?? Number.NaN;
}

/** Milliseconds that some work took. */
export async function timed(work: () => unknown): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

/**
 * Does each of the works in turn, again and again, so that all of them meet the same moods of the machine.
 *
 * @param works each gives its sample
 * @param warmUps rounds whose samples are not kept
 * @returns the samples of each work, in the order of `works`
 */
export async function alternately(
  works: (() => Promise<number>)[],
  rounds: number,
  warmUps: number,
): Promise<number[][]> {
  const samples = works.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [index, work] of works.entries()) {
      const sample = await work();
      if (round >= 0) samples[index]?.push(sample);
    }
  }
  return samples;
}
