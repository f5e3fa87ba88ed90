import { growForest, type Rows } from '../../../src/detect/forest/grow.ts';
import { averagePathLength } from '../../../src/detect/forest/path-length.ts';
import { scoreRow, scoreRows } from '../../../src/detect/forest/score.ts';
import { beginIsolationForest } from '../../../src/detect/isolation-forest.ts';
import { gaussian, seededRandom } from '../../../src/stats/random.ts';
import type { BenchPart } from '../bench-part.ts';
import { median } from '../samples.ts';
import type { Row, Table } from '../table.ts';

const SETTINGS = { trees: 100, sampleSize: 256, margin: 1 };
const FEATURES = 4;

/** How fast the isolation forest is, beside one made of plain objects, in this process and on these rows. */
export const forestSpeed: BenchPart = {
  name: 'isolation-forest',
  measure: async ({ quick, progress }) => {
    const count = quick ? 2000 : 100_000;
    progress(`${count} rows of ${FEATURES} metrics`);
    return [tableOf(count, quick ? 1 : 9)];
  },
};

function tableOf(count: number, laps: number): Table {
  const rows = normalRows(count);
  const forest = growForest(rows, SETTINGS, seededRandom(2));
  const plain = growPlain(rows);
  const single = Math.min(1000, count);
  return {
    title: `Isolation forest: ${SETTINGS.trees} trees of ${SETTINGS.sampleSize}, ${count} rows of ${FEATURES} metrics`,
    subject: 'what',
    columns: [
      { name: 'ms', decimals: 2 },
      { name: 'plain objects, ms', decimals: 2 },
      { name: 'times as fast', decimals: 1 },
    ],
    rows: [
      rowOf(
        'fit',
        10,
        medianMs(laps, () => growForest(rows, SETTINGS, seededRandom(3))),
        medianMs(laps, () => growPlain(rows)),
      ),
      rowOf(
        'score all',
        600,
        medianMs(laps, () => scoreRows(forest, rows.data)),
        medianMs(1, () => scoreAllPlain(plain, rows)),
      ),
      rowOf(
        'score 1,000 rows one by one',
        10,
        medianMs(laps, () => scoreSome(single, at => scoreRow(forest, rows.data, at * FEATURES))),
        medianMs(laps, () => scoreSome(single, at => scorePlain(plain, rows, at))),
      ),
      rowOf(
        'learn all, one after another',
        null,
        medianMs(1, () => learnAll(rows)),
        null,
      ),
    ],
    notes: [
      'Medians, the first lap (in which the code is compiled) among them. Plain: nodes as objects, samples as lists.',
    ],
  };
}

function rowOf(label: string, goalMs: number | null, ms: number, plainMs: number | null): Row {
  const goal = goalMs === null ? null : { text: `at most ${goalMs} ms`, met: ms <= goalMs };
  return { label, figures: [ms, plainMs, plainMs === null ? null : plainMs / ms], goal };
}

function medianMs(laps: number, work: () => unknown): number {
  return median(
    Array.from({ length: laps }, () => {
      const before = performance.now();
      work();
      return performance.now() - before;
    }),
  );
}

function normalRows(count: number): Rows {
  const random = seededRandom(1);
  return {
    data: Float32Array.from({ length: count * FEATURES }, () => gaussian(random)),
    count,
    features: FEATURES,
  };
}

function scoreSome(count: number, score: (at: number) => number): number {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += score(at);
  return sum;
}

function learnAll({ data, count }: Rows): void {
  const model = beginIsolationForest({}, FEATURES);
  for (let at = 0; at < count; at += 1) {
    model.next({ timeMs: null, values: [...data.subarray(at * FEATURES, (at + 1) * FEATURES)] });
  }
}

// ---- the plain one ---------------------------------------------------------------------------------------------

type Plain = { length: number } | { feature: number; threshold: number; left: Plain; right: Plain };

function growPlain(rows: Rows): Plain[] {
  const random = seededRandom(3);
  return Array.from({ length: SETTINGS.trees }, () => {
    const sample = Array.from({ length: SETTINGS.sampleSize }, () => {
      const at = Math.floor(random() * rows.count) * FEATURES;
      return [...rows.data.subarray(at, at + FEATURES)];
    });
    return branch(sample, 0, random);
  });
}

function branch(sample: number[][], level: number, random: () => number): Plain {
  const feature = Math.floor(random() * FEATURES);
  const column = sample.map(row => row[feature] ?? 0);
  const [least, greatest] = [Math.min(...column), Math.max(...column)];
  if (level === 8 || sample.length < 2 || least === greatest) {
    return { length: level + averagePathLength(sample.length) };
  }
  const width = greatest - least;
  const threshold = least - SETTINGS.margin * width + random() * (1 + 2 * SETTINGS.margin) * width;
  const side = (isLeft: boolean) => sample.filter(row => (row[feature] ?? 0) <= threshold === isLeft);
  return {
    feature,
    threshold,
    left: branch(side(true), level + 1, random),
    right: branch(side(false), level + 1, random),
  };
}

function scoreAllPlain(trees: Plain[], rows: Rows): Float64Array {
  return Float64Array.from({ length: rows.count }, (_, row) => scorePlain(trees, rows, row));
}

function scorePlain(trees: Plain[], rows: Rows, row: number): number {
  let sum = 0;
  for (const tree of trees) {
    let place = tree;
    while ('feature' in place) {
      const value = rows.data[row * FEATURES + place.feature] ?? 0;
      place = value <= place.threshold ? place.left : place.right;
    }
    sum += place.length;
  }
  return 2 ** (-sum / trees.length / averagePathLength(SETTINGS.sampleSize));
}
