import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vusPr } from './vus.ts';

const near = (actual: number | null, expected: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

test('where nothing is labelled there is nothing to be found', () => {
  assert.equal(vusPr({ scores: [1, 2, 3], windows: [] }, 4), null);
});

test('without a buffer, a ranking that has all labelled points first scores 1', () => {
  near(vusPr({ scores: [0.1, 0.2, 0.9, 0.8, 0.3], windows: [[2, 3]] }, 0), 1);
});

test('without a buffer, by hand: one false point before the second labelled one', () => {
  // Recall and precision after each point of 2, 0, 3, 1: (1/2, 1), (1/2, 1/2), (1, 2/3), (1, 2/4).
  const area = (1 / 2) * 1 + (1 / 2) * ((1 / 2 + 2 / 3) / 2);
  near(vusPr({ scores: [0.8, 0.1, 0.9, 0.7], windows: [[2, 3]] }, 0), area);
});

test('of two ranges, of which only one is met, half of the recall counts', () => {
  // After point 0: 1 of 2 points, 1 of 2 ranges: 1/4. After point 3: all of both. The others come last.
  const area = (1 / 4) * 1 + (3 / 4) * 1;
  near(
    vusPr(
      {
        scores: [9, 1, 1, 8],
        windows: [
          [0, 0],
          [3, 3],
        ],
      },
      0,
    ),
    area,
  );
  // The same with a false point between them: precision 1/2 at the recall 1/4, then 2/3 at 1.
  near(
    vusPr(
      {
        scores: [9, 8.5, 1, 8],
        windows: [
          [0, 0],
          [3, 3],
        ],
      },
      0,
    ),
    (1 / 4) * 1 + (3 / 4) * ((1 / 2 + 2 / 3) / 2),
  );
});

test('points with the same score are predicted together', () => {
  // All at once: recall 1 with the precision 1/4.
  near(vusPr({ scores: [5, 5, 5, 5], windows: [[1, 1]] }, 0), (1 + 1 / 4) / 2);
  near(vusPr({ scores: [null, 5, null, 5], windows: [[1, 1]] }, 0), (1 + 1 / 2) / 2);
});

test('a buffer, by hand: a point beside the range counts in part', () => {
  // Buffer 2: points 1 and 3 have sqrt(1 - 1/2). Positives: (1 + 1 + 2 w) / 2. The point beside comes first, then the labelled one.
  const w = Math.sqrt(1 / 2);
  const positives = (2 + 2 * w) / 2;
  const steps: [recall: number, precision: number][] = [
    [0, 1],
    [w / positives, w],
    [Math.min((w + 1) / positives, 1), (w + 1) / 2],
    [Math.min((2 * w + 1) / positives, 1), (2 * w + 1) / 3],
  ];
  const area = steps.slice(1).reduce((sum, [recall, precision], at) => {
    const [before, higher] = steps[at] ?? [0, 1];
    return sum + ((recall - before) * (precision + higher)) / 2;
  }, 0);
  const series = { scores: [0, 9, 8, 7, 0], windows: [[2, 2]] as const };
  // Without a buffer, and with one of 1, which reaches half a point far: from recall 0 to 1 at the second point, at the precisions 0 and 1/2.
  const without = (0 + 1 / 2) / 2;
  near(vusPr(series, 2), (without + without + area) / 3);
});

test('two ranges whose buffers touch are one range, and no label is above 1: by hand', () => {
  // Buffers of 0 and 1: two ranges, the second one found last. Buffer 2: the points between are 1 away from one range each. All four
  // are one range by then, met by the first point; positives (2 + 2 + 2 w) / 2.
  const w = Math.sqrt(1 / 2);
  const positives = 2 + w;
  const recalls = [0, 1 / positives, (1 + w) / positives, (1 + 2 * w) / positives, 1];
  const precisions = [1, 1, (1 + w) / 2, (1 + 2 * w) / 3, (2 + 2 * w) / 4];
  let together = 0;
  for (let at = 1; at < recalls.length; at += 1) {
    const width = (recalls[at] ?? 0) - (recalls[at - 1] ?? 0);
    together += (width * ((precisions[at] ?? 0) + (precisions[at - 1] ?? 0))) / 2;
  }
  const scores = [9, 8, 7, 6];
  // Recall 1/4 at the precision 1, then 1 from the precision 1/3 to 2/4.
  const apart = 1 / 4 + (3 / 4) * ((1 / 3 + 2 / 4) / 2);
  near(
    vusPr(
      {
        scores,
        windows: [
          [0, 0],
          [3, 3],
        ],
      },
      2,
    ),
    (2 * apart + together) / 3,
  );
});

test('the nearer to the range, the better', () => {
  const peakAt = (at: number) => Array.from({ length: 60 }, (_, index) => -Math.abs(index - at));
  const volumes = [30, 24, 20, 10].map(at => vusPr({ scores: peakAt(at), windows: [[28, 32]] }, 10) ?? 0);
  assert.deepEqual(
    volumes,
    volumes.toSorted((a, b) => b - a),
  );
  assert.ok((volumes[0] ?? 0) > 0.8 && (volumes[3] ?? 1) < 0.2, volumes.join());
});
