import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../src/glossary/run.ts';
import type { Facts } from '../../src/recommend/facts.ts';
import type { Finding } from '../../src/recommend/finding.ts';
import { recommendationsFor } from '../../src/recommend/findings.ts';
import { gaussian, seededRandom } from '../../src/stats/random.ts';
import {
  factsWith,
  type Given,
  HOUR_MS,
  ids,
  incidentsOf,
  MINUTE_MS,
  noisy,
  retried,
  runOf,
  runsOf,
} from './histories.ts';

const HISTORIES = 100;
const MOST_WRONG = 5;
const RUNS = 200;

/** A healthy module: each metric noisy by some percent, 2 % of failures that a retry mends, alarms that are noise. */
function healthy(seed: number): Given {
  const random = seededRandom(seed);
  const [seconds, memory] = [
    noisy(seed, RUNS, 2 + 18 * random(), 2 + 5 * random()),
    noisy(seed + 1_000, RUNS, 50 + 150 * random(), 1 + 4 * random()),
  ];
  // Neighbours are alike, as they are on a machine that is busy for a while.
  let drift = 0;
  const part = (index: number): Partial<Run> => {
    drift = 0.8 * drift + 0.015 * gaussian(random);
    const load = Math.exp(drift);
    return { runtimeSeconds: (seconds[index] ?? 1) * load, memoryMb: (memory[index] ?? 1) * load };
  };
  const runs = Array.from({ length: RUNS }, (_, index) =>
    random() < 0.02 ? retried(index, 2, random() < 0.8, part(index)) : [runOf(index, part(index))],
  ).flat();
  const { settings } = factsWith([{ runs }]);
  return { runs, facts: { incidents: incidentsOf(runs, settings, 0.2) } };
}

test(`of ${HISTORIES} healthy histories hardly any is found fault with`, () => {
  const wrong = Array.from({ length: HISTORIES }, (_, seed) =>
    ids(recommendationsFor(factsWith([healthy(seed)]))),
  );
  const found = wrong.filter(each => each.length > 0);
  assert.ok(found.length <= MOST_WRONG, `${found.length}: ${JSON.stringify(found)}`);
});

test('a level that wanders is seldom taken for a leak', () => {
  const wandering = Array.from({ length: HISTORIES }, (_, seed) => {
    const random = seededRandom(seed);
    let level = 0;
    const memories = Array.from({ length: RUNS }, () => {
      level = 0.95 * level + 0.05 * gaussian(random);
      return 100 * Math.exp(level);
    });
    return ids(
      recommendationsFor(
        factsWith([{ runs: runsOf(RUNS, index => ({ memoryMb: memories[index] ?? null })) }]),
      ),
    );
  });
  const found = wandering.filter(each => each.length > 0);
  assert.ok(found.length <= MOST_WRONG, String(found.length));
});

test('a leak of half the memory in 200 runs is found in nearly every history, at 10 % of noise', () => {
  const leaking = Array.from({ length: HISTORIES }, (_, seed) => {
    const memories = noisy(seed, RUNS, 100, 10);
    const part = (index: number): Partial<Run> => ({
      memoryMb: (memories[index] ?? 0) * (1 + index / (2 * RUNS)),
    });
    return ids(recommendationsFor(factsWith([{ runs: runsOf(RUNS, part) }])));
  });
  const found = leaking.filter(each => each.includes('a.memory-growth'));
  assert.ok(found.length >= 95, String(found.length));
});

/** Several things wrong in one workspace. */
function sick(seed: number): Facts {
  const seconds = noisy(seed, 120, 50, 8);
  const runs = (everyMs: number): Run[] =>
    runsOf(
      120,
      index => ({ runtimeSeconds: seconds[index] ?? null, cpuPercent: 95, memoryMb: 80 + index }),
      everyMs,
    );
  const slow = { schedule: { kind: 'every' as const, intervalMs: 30_000 }, timeoutMs: MINUTE_MS };
  return factsWith(
    [
      { name: 'a', runs: runs(2 * MINUTE_MS), settings: slow },
      { name: 'b', runs: runs(2 * MINUTE_MS), settings: { ...slow, timeoutMs: null } },
      { name: 'c', runs: runsOf(120), settings: { timeoutMs: 10 * HOUR_MS } },
      { name: 'd', runs: runsOf(20, () => ({ outcome: 'error' as const })) },
    ],
    { git: { enabled: true, commitOn: ['ok'], okEveryMs: 0, ref: 'current' } },
    {
      forecasts: [
        {
          ...{ metric: 'a.runtimeSeconds', module: 'a', limit: 60, limitName: 'its timeout' },
          ...{ reachedAtMs: 0, sure: 0.95, values: 100 },
        },
      ],
    },
  );
}

const RANK = { critical: 0, warning: 1, info: 2 };

function pathOf({ change }: Finding): string {
  return JSON.stringify(change?.path ?? null);
}

test('the list is in order, the same each time, with one id and one change a thing, and each says what it rests on', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const findings = recommendationsFor(sick(seed));
    assert.deepEqual(recommendationsFor(sick(seed)), findings);
    assert.deepEqual(
      findings.map(({ severity }) => RANK[severity]),
      findings.map(({ severity }) => RANK[severity]).toSorted(),
    );
    assert.equal(new Set(ids(findings)).size, findings.length);
    const paths = findings.filter(({ change }) => change !== null).map(pathOf);
    assert.equal(new Set(paths).size, paths.length, paths.join(' '));
    assert.ok(findings.length >= 6, ids(findings).join(' '));
    for (const { id, title, advice, evidence } of findings) {
      assert.ok(title !== '' && advice !== '' && evidence.count > 0, id);
      assert.ok(Object.values(evidence.figures).every(Number.isFinite), id);
    }
  }
});

test('a forecast and the runs of now agree on one new timeout', () => {
  const timeouts = recommendationsFor(sick(1)).filter(
    finding => pathOf(finding) === '["modules","a","timeout"]',
  );
  assert.deepEqual(ids(timeouts), ['a.capacity.runtimeSeconds']);
  const limited = recommendationsFor(sick(1)).filter(({ limitedMetric }) => limitedMetric !== null);
  assert.deepEqual(ids(limited), ids(timeouts), 'what is about no limit says so');
});
