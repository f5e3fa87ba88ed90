import { gaussian, seededRandom } from '../../../src/stats/random.ts';
import type { Change } from './episodes.ts';

/** Run-to-run noise: log-normal with a coefficient of variation, or `two-mode`: 3 %, and a quarter of the runs pay 18 % more. */
export const NOISES = ['CV 3', 'CV 10', 'CV 30', 'two-mode'] as const;
export type Noise = (typeof NOISES)[number];

/** What happens in the middle of a series of 200 runs, or all along it. */
export const CASES = [
  'nothing',
  'shift +5',
  'shift +10',
  'shift +30',
  'shift +100',
  'spike x2',
  'spike x3',
  'drift +50',
  'season',
  'season, shift +30',
] as const;
export type Case = (typeof CASES)[number];

export interface SyntheticSeries {
  values: number[];
  changes: Change[];
  /** What no detector is told: of the logarithms the mean without the change, run by run, and the deviation of the noise. */
  truth: { means: number[]; deviation: number };
}

export const RUNS = 200;
const AT = 100;
const SEASON = { period: 24, amplitude: 0.15 };
const TWO_MODES = { share: 0.25, size: 1.18 };

/** One series; the same seed gives the same one. Its level is anything from seconds to hours. */
export function syntheticSeries(noise: Noise, what: Case, seed: number): SyntheticSeries {
  const random = seededRandom(seed * 1000 + NOISES.indexOf(noise) * 50 + CASES.indexOf(what));
  const deviation = Math.sqrt(Math.log(1 + variationOf(noise) ** 2));
  const level = Math.exp(2 * gaussian(random));
  const values = Array.from({ length: RUNS }, (_, run) => {
    const mode = noise === 'two-mode' && random() < TWO_MODES.share ? TWO_MODES.size : 1;
    return level * Math.exp(deviation * gaussian(random)) * mode * factorOf(what, run);
  });
  const means = values.map((_, run) => Math.log(level * seasonOf(what, run)));
  return { values, changes: changesOf(what), truth: { means, deviation } };
}

function variationOf(noise: Noise): number {
  return noise === 'CV 30' ? 0.3 : noise === 'CV 10' ? 0.1 : 0.03;
}

function factorOf(what: Case, run: number): number {
  const size = Number(/[+x](\d+)/.exec(what)?.[1] ?? 0);
  if (what.startsWith('spike')) return run === AT ? size : 1;
  if (what.startsWith('drift')) return 1 + (size / 100) * Math.max(0, (run - AT) / AT);
  const shift = run >= AT ? 1 + size / 100 : 1;
  return shift * seasonOf(what, run);
}

function seasonOf(what: Case, run: number): number {
  if (!what.startsWith('season')) return 1;
  return 1 + SEASON.amplitude * Math.sin((2 * Math.PI * run) / SEASON.period);
}

function changesOf(what: Case): Change[] {
  if (what.startsWith('spike')) return [{ at: AT, within: 1 }];
  if (what.startsWith('drift')) return [{ at: AT, within: RUNS }];
  return what.includes('shift') ? [{ at: AT, within: 15 }] : [];
}
