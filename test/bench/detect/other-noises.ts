import { gaussian, seededRandom } from '../../../src/stats/random.ts';
import type { Row, Table } from '../table.ts';
import { ALARMERS, alarmsOf } from './alarms.ts';
import { countsOf, episodesOf, falsePer100, sumOf } from './episodes.ts';
import { RUNS } from './synthetic.ts';

type Random = () => number;

/** Noises that the goals do not speak of, in which nothing changes either: the value at an index, with what there was before. */
const OTHER_NOISES: Record<string, (random: Random) => (index: number) => number> = {
  'Laplace, 10 %': random => () => Math.exp((0.1 * Math.log(random() / random())) / Math.SQRT2),
  'Student t, 3 degrees, 9 %': random => () =>
    Math.exp((0.05 * gaussian(random)) / Math.sqrt(meanSquare(random, 3))),
  'AR(1) 0.5, 10 %': random => autoregressive(random, 0.5),
  'AR(1) 0.9, 10 %': random => autoregressive(random, 0.9),
  'counts, 3 on average': random => () => poisson(random, 3),
  'counts, 0.3 on average': random => () => poisson(random, 0.3),
  'square season of 15 %, 3 %': random => index =>
    (index % 24 < 8 ? 1.15 : 1) * Math.exp(0.03 * gaussian(random)),
};

function meanSquare(random: Random, count: number): number {
  let sum = 0;
  for (let each = 0; each < count; each += 1) sum += gaussian(random) ** 2;
  return sum / count;
}

function autoregressive(random: Random, correlation: number): () => number {
  let last = 0.1 * gaussian(random);
  return () => {
    last = correlation * last + 0.1 * Math.sqrt(1 - correlation ** 2) * gaussian(random);
    return Math.exp(last);
  };
}

/** By inversion. */
function poisson(random: Random, mean: number): number {
  const chance = random();
  let [count, part] = [0, Math.exp(-mean)];
  for (let sum = part; chance > sum && count < 100; sum += part) {
    count += 1;
    part *= mean / count;
  }
  return count;
}

export function otherNoisesTable(seeds: number): Table {
  return {
    title: 'Other noises: false episodes per 100 runs, from the first run on',
    subject: 'noise',
    columns: ALARMERS.map(({ name }) => ({ name, decimals: 2 })),
    rows: Object.entries(OTHER_NOISES).map(([label, begin]): Row => {
      const series = Array.from({ length: seeds }, (_, seed) => {
        const next = begin(seededRandom(seed + 1));
        return Array.from({ length: RUNS }, (_, index) => next(index));
      });
      const figures = ALARMERS.map(alarmer =>
        falsePer100(sumOf(series.map(values => countsOf(episodesOf(alarmsOf(alarmer, values)), [], RUNS)))),
      );
      return { label, figures, goal: null };
    }),
    notes: [
      'far values are usual in the first two, slow waves in the next two; of few counts each first one is far from zero; a square season is many levels until it is known',
    ],
  };
}
