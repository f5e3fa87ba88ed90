import type { Row, Table } from '../table.ts';
import { type Cell, cellsOf, f1In } from './cells.ts';
import { type Alarm, falsePer100, recallOf } from './episodes.ts';
import type { SyntheticSeries } from './synthetic.ts';

const NOISE = 'CV 30';

/** How many standard deviations, and of a shift how many values at least. */
interface Limits {
  shift: number;
  runs: number;
  spike: number;
}

const LIMITS: Limits[] = [3.4, 3.6, 3.8, 4, 4.2].flatMap(shift =>
  [4, 8, 12].flatMap(runs => [3.4, 3.6, 3.8, 4].map(spike => ({ shift, runs, spike }))),
);

/**
 * What could be reached at 30 % of noise: a test that knows what has to be learned otherwise, with the limits that
 * serve it best on these very series.
 */
export function informedTable(seeds: number): Table {
  const all = LIMITS.map(limits => ({
    limits,
    cell: cellsOf(series => firstAlarm(series, limits), seeds, [NOISE]),
  }));
  return {
    title:
      'The bound at 30 % of noise: a test that knows the level, the noise, the season, and that there is one change at most',
    subject: 'standard deviations for a shift',
    columns: [
      { name: 'of a spike', decimals: 1 },
      { name: 'runs of a shift', decimals: 0 },
      { name: 'false/100 at rest', decimals: 2 },
      { name: 'recall shift +30', decimals: 2 },
      { name: 'recall spike x3', decimals: 2 },
      { name: 'F1', decimals: 2 },
    ],
    rows: [...new Set(LIMITS.map(({ shift }) => shift))].map((shift): Row => {
      const [best] = all
        .filter(({ limits }) => limits.shift === shift)
        .sort((a, b) => f1In(b.cell, NOISE) - f1In(a.cell, NOISE));
      return {
        label: String(shift),
        figures: best === undefined ? [] : figuresOf(best.limits, best.cell),
        goal: null,
      };
    }),
    notes: [
      'the likelihood ratio of a change of the mean, over all places where it may have begun, on logarithms; each line with the other limits that give the best F1',
    ],
  };
}

/** The first value at which a spike or a shift shows: after it nothing more can come. */
function firstAlarm({ values, truth }: SyntheticSeries, limits: Limits): Alarm[] {
  const scores = values.map((value, run) => (Math.log(value) - (truth.means[run] ?? 0)) / truth.deviation);
  const index = scores.findIndex(
    (score, run) => Math.abs(score) > limits.spike || shiftOf(scores, run, limits.runs) > limits.shift,
  );
  return index === -1 ? [] : [{ index, confidence: 1 }];
}

/** The largest sum over the last values, in its own standard deviations. */
function shiftOf(scores: readonly number[], last: number, atLeast: number): number {
  let [sum, largest] = [0, 0];
  for (let runs = 1; runs <= last + 1; runs += 1) {
    sum += scores[last - runs + 1] ?? 0;
    if (runs >= atLeast) largest = Math.max(largest, Math.abs(sum) / Math.sqrt(runs));
  }
  return largest;
}

function figuresOf({ spike, runs }: Limits, cell: Cell): (number | null)[] {
  return [
    spike,
    runs,
    falsePer100(cell(NOISE, 'nothing')),
    recallOf(cell(NOISE, 'shift +30')),
    recallOf(cell(NOISE, 'spike x3')),
    f1In(cell, NOISE),
  ];
}
