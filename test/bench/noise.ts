import { loadavg } from 'node:os';
import { median } from './samples.ts';

/** How evenly the machine worked at one time, by a loop that always does the same. */
export interface Noise {
  medianMs: number;
  /** The slowest of the loops as a multiple of the fastest: 1 on a machine that does nothing else. */
  spread: number;
  /** Processes that wanted to run, the mean of the last minute. */
  load: number;
}

const LOOPS = 40;

export function measureNoise(quick: boolean): Noise {
  const samples = Array.from({ length: quick ? 4 : LOOPS }, loopMs);
  const spread = Math.max(...samples) / Math.min(...samples);
  return { medianMs: median(samples), spread, load: loadavg()[0] ?? Number.NaN };
}

/** `load 0.5, loop 10.2 ms, slowest 1.3 x fastest` */
export function noiseText({ medianMs, spread, load }: Noise): string {
  return `load ${load.toFixed(1)}, calibration loop ${medianMs.toFixed(1)} ms, slowest ${spread.toFixed(2)} x fastest`;
}

function loopMs(): number {
  const before = performance.now();
  let sum = 0;
  for (let index = 0; index < 300_000; index += 1) sum = (sum + index * index) % 1_000_003;
  if (sum < 0) throw new Error('never: it keeps the loop from being optimised away');
  return performance.now() - before;
}
