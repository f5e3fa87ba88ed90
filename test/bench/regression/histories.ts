import { gaussian, seededRandom } from '../../../src/stats/random.ts';

/** Run-to-run noise: log-normal, independent but for AR(1); `two-mode`: 3 %, and a quarter of the runs pay 18 % more. */
export const NOISES = [
  { name: 'CV 3', variation: 0.03, correlation: 0, modes: false },
  { name: 'CV 10', variation: 0.1, correlation: 0, modes: false },
  { name: 'CV 30', variation: 0.3, correlation: 0, modes: false },
  { name: 'two-mode', variation: 0.03, correlation: 0, modes: true },
  { name: 'CV 10, AR(1) 0.3', variation: 0.1, correlation: 0.3, modes: false },
  { name: 'CV 10, AR(1) 0.6', variation: 0.1, correlation: 0.6, modes: false },
] as const;
export type Noise = (typeof NOISES)[number];

/** How many runs are in the reference, and how many are recent. */
export const SIZES: Size[] = [
  { reference: 20, recent: 5 },
  { reference: 50, recent: 10 },
  { reference: 50, recent: 20 },
  { reference: 50, recent: 50 },
];

export interface Size {
  reference: number;
  recent: number;
}

export interface History {
  reference: number[];
  recent: number[];
}

/** A run every five minutes. */
const DAY = { runs: 288, recent: 12 };

const MODES = { share: 0.25, size: 1.18 };

/** So many histories in which nothing changes. The same seed gives the same ones. */
export function histories(
  { variation, correlation, modes }: Noise,
  size: Size,
  count: number,
  seed: number,
): History[] {
  const random = seededRandom(seed);
  const deviation = Math.sqrt(Math.log(1 + variation ** 2));
  return Array.from({ length: count }, () => {
    let level = gaussian(random);
    const values = Array.from({ length: size.reference + size.recent }, () => {
      level = correlation * level + Math.sqrt(1 - correlation ** 2) * gaussian(random);
      return Math.exp(deviation * level) * (modes && random() < MODES.share ? MODES.size : 1);
    });
    return { reference: values.slice(0, size.reference), recent: values.slice(size.reference) };
  });
}

/** The runs of a day and of the hour after it, whose level goes up and down with the day by so much; the hour is any. */
export function dailyHistories(variation: number, amplitude: number, count: number, seed: number): History[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const start = random() * DAY.runs;
    const values = Array.from({ length: DAY.runs + DAY.recent }, (_, run) => {
      const season = 1 + amplitude * Math.sin((2 * Math.PI * (run + start)) / DAY.runs);
      return season * Math.exp(variation * gaussian(random));
    });
    return { reference: values.slice(0, DAY.runs), recent: values.slice(DAY.runs) };
  });
}

/** Every so many runs of a series a reference, and the runs right after it. */
export function slices(series: readonly number[], size: Size, step: number): History[] {
  const whole = size.reference + size.recent;
  const count = Math.max(0, Math.floor((series.length - whole) / step) + 1);
  return Array.from({ length: count }, (_, place) => {
    const values = series.slice(place * step, place * step + whole);
    return { reference: values.slice(0, size.reference), recent: values.slice(size.reference) };
  });
}

/** The same history, with recent runs slower by so many percent. */
export function slowed({ reference, recent }: History, percent: number): History {
  return { reference, recent: recent.map(value => value * (1 + percent / 100)) };
}
