import type { SeriesName } from '../../src/glossary/history.ts';
import { labelsKey } from '../../src/labels.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import type { Database } from '../../src/store/database.ts';
import { SeriesNumbers } from '../../src/store/series.ts';

/** How many made-up samples there are, over all series; the last ones are taken at `endMs`. */
export interface SamplesSize {
  samples: number;
  endMs: number;
}

/** How a series goes: a level, a part of it that comes and goes with the day, noise, and a drift over a day. */
interface Shape {
  level: number;
  season: number;
  noise: number;
  driftPerDay: number;
}

interface ShapedSeries extends SeriesName, Shape {}

const DAY_MS = 86_400_000;
/** As the system sampler does by default. */
const EVERY_MS = 10_000;
const SEED = 2;
const CORES = 8;
const SERVICES = ['market-feed', 'order-book', 'web'];

const MACHINE: [metric: string, shape: Shape][] = [
  ['cpuPercent', { level: 35, season: 0.4, noise: 0.2, driftPerDay: 0 }],
  ['load1', { level: 2.2, season: 0.4, noise: 0.3, driftPerDay: 0 }],
  ['load5', { level: 2.2, season: 0.4, noise: 0.1, driftPerDay: 0 }],
  ['load15', { level: 2.2, season: 0.4, noise: 0.05, driftPerDay: 0 }],
  ['memoryUsedMb', { level: 6_200, season: 0.05, noise: 0.01, driftPerDay: 8 }],
  ['memoryAvailableMb', { level: 9_800, season: 0.05, noise: 0.01, driftPerDay: -8 }],
  ['swapUsedMb', { level: 0, season: 0, noise: 0, driftPerDay: 0 }],
  ['diskFreeMb', { level: 240_000, season: 0, noise: 0.0001, driftPerDay: -900 }],
  ['diskUsedPercent', { level: 52, season: 0, noise: 0.0001, driftPerDay: 0.18 }],
  ['diskReadMbPerSecond', { level: 1.4, season: 0.5, noise: 0.5, driftPerDay: 0 }],
  ['diskWrittenMbPerSecond', { level: 3.1, season: 0.5, noise: 0.5, driftPerDay: 0 }],
  ['networkReceivedMbPerSecond', { level: 0.8, season: 0.5, noise: 0.4, driftPerDay: 0 }],
  ['networkSentMbPerSecond', { level: 0.3, season: 0.5, noise: 0.4, driftPerDay: 0 }],
];

const REPORTED: [metric: string, shape: Shape][] = [
  ['requests', { level: 120, season: 0.5, noise: 0.1, driftPerDay: 0.2 }],
  ['latencySeconds', { level: 0.03, season: 0.2, noise: 0.3, driftPerDay: 0 }],
  ['queueLength', { level: 14, season: 0.4, noise: 0.4, driftPerDay: 0 }],
  ['openConnections', { level: 40, season: 0.3, noise: 0.1, driftPerDay: 0 }],
  ['cacheHitPercent', { level: 91, season: 0.02, noise: 0.01, driftPerDay: 0 }],
  ['heapMb', { level: 180, season: 0.05, noise: 0.05, driftPerDay: 0.5 }],
];

/** 39 series: a machine of eight cores, and six metrics of each of three services. */
const SERIES: ShapedSeries[] = [
  ...MACHINE.map(([metric, shape]) => ({ source: 'system', metric, labels: {}, ...shape })),
  ...Array.from({ length: CORES }, (_, core) => ({
    ...{ source: 'system', metric: 'cpuPercent', labels: { core: String(core) } },
    ...{ level: 35, season: 0.4, noise: 0.4, driftPerDay: 0 },
  })),
  ...SERVICES.flatMap(source =>
    REPORTED.map(([metric, shape]) => ({ source, metric, labels: { host: 'a' }, ...shape })),
  ),
];

/**
 * Writes raw samples as the sampler and some services would have left them: one of each series every 10 s, the newest at `endMs`. Inside
 * a transaction.
 *
 * @param progress called now and then with how many are written
 */
export function writeSamples(
  database: Database,
  { samples, endMs }: SamplesSize,
  progress: (done: string) => void,
): void {
  const numbers = new SeriesNumbers(database);
  const ids = SERIES.map(({ source, metric, labels }) => numbers.ofKept(source, metric, labelsKey(labels)));
  const random = seededRandom(SEED);
  const ticks = Math.ceil(samples / SERIES.length);
  withoutIndex(database, () => {
    for (let tick = 0, written = 0; tick < ticks; tick += 1) {
      const timeMs = endMs - (ticks - 1 - tick) * EVERY_MS;
      const count = Math.min(SERIES.length, samples - written);
      const row = (each: ShapedSeries, place: number): number[] => [
        ids[place] ?? 0,
        timeMs,
        sampleValue(each, timeMs - endMs, random),
      ];
      database.run(insertOf(count), ...SERIES.slice(0, count).flatMap(row));
      written += count;
      if (tick % 25_000 === 24_999) progress(`${written} samples`);
    }
  });
}

const insertOf = (rows: number): string =>
  `INSERT INTO samples (series, timeMs, value) VALUES ${Array.from({ length: rows }, () => '(?, ?, ?)').join(', ')}`;

/** Made once at the end it costs a third. */
function withoutIndex(database: Database, work: () => void): void {
  const index = 'samplesBySeries';
  const made = database.one<{ sql: string }>('SELECT sql FROM sqlite_schema WHERE name = ?', index);
  if (made === null) throw new Error(`the store has no index ${index} any more`);
  database.execute(`DROP INDEX ${index}`);
  work();
  database.execute(made.sql);
}

function sampleValue(
  { level, season, noise, driftPerDay }: Shape,
  ageMs: number,
  random: () => number,
): number {
  const rhythm = 1 + season * Math.sin((2 * Math.PI * ageMs) / DAY_MS);
  const value = level * rhythm * (1 + noise * gaussian(random)) + (driftPerDay * ageMs) / DAY_MS;
  return Math.max(0, Number(value.toPrecision(6)));
}
