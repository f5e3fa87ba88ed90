import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Detection } from '../src/detection.ts';
import type { DetectionSettings } from '../src/glossary/detection-settings.ts';
import type { ChangeEvent } from '../src/glossary/event.ts';
import type { Incident } from '../src/glossary/judgement.ts';
import type { Run } from '../src/glossary/run.ts';
import { roundedRun } from '../src/rounding.ts';
import { seededRandom } from '../src/stats/random.ts';
import { takeOverHistory } from '../src/store/import.ts';
import { noise } from './detect/series.ts';
import { damageIndex } from './store/damaged-file.ts';
import { anOwner, aRun, aStore, at, judgeOf, reopen, START_MS, show } from './store/fixtures.ts';
import { DETECTION } from './supervise/played.ts';

const others = { cpuPercent: null, memoryMb: null, apiLatencySeconds: null, api: null };

function runOf(index: number, value: number, part: Partial<Run> = {}): Run {
  const times = { id: `run-${index}`, startedAt: at(index), endedAt: at(index + 0.5) };
  return aRun({ ...times, ...others, runtimeSeconds: value, custom: {}, ...part });
}

/** The parts of a store that detection uses, without its waiting for the disk. The rule is left out: it never flags. */
class Memory {
  runs: Run[] = [];
  told: ChangeEvent[] = [];
  mended = 0;
  readonly facts = new Map<string, string>();

  goodRuns(module: string, limit: number): Run[] {
    return this.runs.filter(run => run.module === module && run.outcome === 'ok').slice(-limit);
  }

  goodRunsAfter(module: string, id: string): Run[] | null {
    const found = this.runs.findIndex(run => run.id === id);
    return found < 0 ? null : this.runs.slice(found + 1).filter(run => run.module === module);
  }

  incidents(): Incident[] {
    return [];
  }

  changes(sinceMs = 0): ChangeEvent[] {
    return this.told.filter(({ time }) => Date.parse(time) >= sinceMs);
  }

  fact(key: string): unknown {
    return JSON.parse(this.facts.get(key) ?? 'null');
  }

  setFact(key: string, value: unknown): void {
    this.facts.set(key, JSON.stringify(value));
  }

  mends(): number {
    return this.mended;
  }

  record(run: Run, changes: ChangeEvent[]): void {
    this.runs.push(roundedRun(run));
    this.told.push(...JSON.parse(JSON.stringify(changes)));
  }
}

/** Plays runs, with a new supervisor before each of those with these indices. @returns what was told, without the votes */
function told(runs: readonly Run[], restarts: ReadonlySet<number>, memory = new Memory()): unknown[] {
  let detection = new Detection(memory, null);
  runs.forEach((run, index) => {
    if (restarts.has(index)) detection = new Detection(memory, null);
    memory.record(run, detection.assess(run, [], DETECTION).changes);
  });
  return toldIn(memory);
}

/** The votes are learned again after a start, from fewer runs: they may differ by a little. */
function toldIn({ told }: Memory): unknown[] {
  return told.map(({ votes, ...change }) => change);
}

/** Shifts, spikes and a season, with far more runs than are gone through where nothing was kept. */
function eventful(seed: number): Run[] {
  const quiet = [...noise(seed, 430, 0.4321, 3), ...noise(seed + 50, 40, 0.47, 3)];
  const values = [...quiet, ...noise(seed + 100, 90, 0.43, 3)].map((value, index) =>
    index % 97 === 96
      ? value * 1.5
      : value * (seed % 2 === 0 ? 1 : 1 + 0.05 * Math.sin((2 * Math.PI * index) / 24)),
  );
  return values.map((value, index) =>
    runOf(index, value, { custom: index % 3 === 0 ? { rows: 1 / value } : {} }),
  );
}

test('whenever a supervisor is started again, the changes that are told are those of one that was never stopped', () => {
  for (const seed of [1, 2]) {
    const runs = eventful(seed);
    const expected = told(runs, new Set());
    assert.ok(expected.length >= 4, `${expected.length} changes`);
    const random = seededRandom(seed);
    const restarts = new Set(runs.keys().filter(index => index > 425 && random() < 0.25));
    assert.deepEqual(told(runs, restarts), expected, `seed ${seed}`);
  }
});

test('a supervisor that is started for each run alone tells the same', () => {
  const runs = eventful(4)
    .slice(0, 110)
    .map((run, index) => runOf(index, (run.runtimeSeconds ?? 0) * (index < 70 ? 1 : 1.12)));
  const expected = told(runs, new Set());
  assert.equal(expected.length > 0, true);
  assert.deepEqual(told(runs, new Set(runs.keys())), expected);
});

test('a run that was judged and never recorded, because its supervisor was killed, is as if it had never been', () => {
  const runs = eventful(5);
  const expected = told(runs, new Set());
  const memory = new Memory();
  const random = seededRandom(5);
  let detection = new Detection(memory, null);
  runs.forEach((run, index) => {
    if (index > 425 && random() < 0.3) {
      detection.assess(runOf(10_000 + index, 0.9), [], DETECTION);
      detection = new Detection(memory, null);
    }
    memory.record(run, detection.assess(run, [], DETECTION).changes);
  });
  assert.deepEqual(toldIn(memory), expected);
});

test('of more modules in turn than are remembered each is told of as if it were alone', () => {
  const memory = new Memory();
  const detection = new Detection(memory, null);
  const series = noise(6, 26, 1, 3).map((value, index) => (index < 20 ? value : value * 1.3));
  const modules = Array.from({ length: 101 }, (_, each) => `module-${each}`);
  series.forEach((value, index) => {
    for (const module of modules) {
      const run = runOf(index, value, { id: `${module}-${index}`, module });
      memory.record(run, detection.assess(run, [], DETECTION).changes);
    }
  });
  const runs = series.map((value, index) => runOf(index, value));
  const brief = (changes: ChangeEvent[]) =>
    changes.map(({ time, kind, baseline }) => ({ time, kind, baseline }));
  const alone = new Memory();
  told(runs, new Set(), alone);
  assert.ok(alone.told.length > 0);
  for (const module of modules)
    assert.deepEqual(brief(memory.told.filter(change => change.module === module)), brief(alone.told));
});

test('where nothing was kept, what has been told is not told again, and what was lost is told with the next run', () => {
  const runs = [...noise(7, 100, 0.43, 3), ...noise(8, 12, 0.48, 3)].map((value, index) =>
    runOf(index, value),
  );
  const memory = new Memory();
  told(runs, new Set(), memory);
  const [change] = memory.told;
  assert.equal(memory.told.length, 1);
  const next = runOf(112, 0.48);
  memory.facts.clear();
  assert.deepEqual(new Detection(memory, null).assess(next, [], DETECTION).changes, []);
  // As after a history was taken over whose newest runs no file showed: they were judged by the rule alone.
  memory.told = [];
  const detection = new Detection(memory, null);
  const { changes } = detection.assess(next, [], DETECTION);
  assert.deepEqual(changes, [change]);
  assert.deepEqual(
    detection.assess(next, [], DETECTION).changes,
    [change],
    'it could not be recorded at once',
  );
  memory.record(next, changes);
  assert.deepEqual(detection.assess(runOf(113, 0.48), [], DETECTION).changes, []);
});

test('changes of long ago are no news, whoever learns of them', () => {
  const values = [...noise(7, 60, 0.43, 3), ...noise(8, 60, 0.48, 3)];
  const memory = new Memory();
  memory.runs = values.map((value, index) => runOf(index, value));
  assert.deepEqual(new Detection(memory, null).assess(runOf(120, 0.48), [], DETECTION).changes, []);
});

test('what was kept under other settings is learned anew: another period, or a metric that was not judged', () => {
  const memory = new Memory();
  const value = (index: number) => 1 + 0.01 * (index % 7);
  const unjudged = { ...DETECTION, modules: { collector: { metrics: { rows: { judge: false } } } } };
  const play = (settings: DetectionSettings, index: number) => {
    const run = runOf(index, 1, { custom: { rows: value(index) } });
    memory.record(run, new Detection(memory, null).assess(run, [], settings).changes);
  };
  for (let index = 0; index < 60; index += 1) play(unjudged, index);
  const run = runOf(60, 1, { custom: { rows: 9 } });
  const told = new Detection(memory, null).assess(run, [], DETECTION).changes;
  assert.deepEqual(
    told.map(({ metric, kind }) => [metric, kind]),
    [['rows', 'spike']],
  );
  const periodic = new Detection(memory, null).assess(run, [], { ...DETECTION, period: 7 }).changes;
  assert.deepEqual(
    periodic.map(({ metric }) => metric),
    ['rows'],
  );
});

test('what was kept and is damaged is not used', () => {
  const runs = eventful(2).slice(0, 120);
  const memory = new Memory();
  told(runs, new Set(), memory);
  const [key = '', good = ''] = [...memory.facts][0] ?? [];
  const kept = JSON.parse(good);
  const [[name, numbers]] = kept.metrics;
  const broken = [
    { ...kept, version: 0 },
    { ...kept, run: 'somebody-else' },
    { ...kept, metrics: [[name, numbers.slice(0, 400)]] },
    { ...kept, metrics: [[name, Buffer.from(Float64Array.of(3, 1).buffer).toString('base64')]] },
    { ...kept, metrics: [[name, Buffer.alloc(800, 255).toString('base64')]] },
    { ...kept, metrics: [[name, 'no numbers!']] },
    'nothing',
  ];
  for (const value of broken) {
    memory.facts.set(key, JSON.stringify(value));
    const verdict = new Detection(memory, null).assess(runOf(120, 5), [], DETECTION);
    assert.deepEqual(
      verdict.changes.map(({ kind, metric }) => [kind, metric]),
      [['spike', 'runtimeSeconds']],
    );
  }
});

test('in the store: what failed since then is passed over, and what is kept goes on', t => {
  const { store } = aStore(t);
  const runs = [...noise(1, 60, 0.43, 3), ...noise(2, 8, 0.5, 3)].map((value, index) => runOf(index, value));
  const expected = new Memory();
  told(runs, new Set(), expected);
  runs.forEach((run, index) => {
    const { changes } = new Detection(store, null).assess(run, [], DETECTION);
    store.recordRun(run, { state: {}, events: [] }, changes);
    store.recordRun(runOf(1000 + index, 9, { outcome: 'error', reason: '"outcome":"ok"' }), null);
  });
  assert.ok(expected.told.length > 0);
  assert.deepEqual(
    store.changes().map(({ run, kind }) => [run, kind]),
    expected.told.map(({ run, kind }) => [run, kind]).reverse(),
  );
  assert.equal(store.goodRunsAfter('collector', 'run-66')?.length, 1);
  assert.equal(store.goodRunsAfter('collector', 'never'), null);
  assert.equal(store.goodRuns('collector', 10).length, 10);
});

test('a change that only a damaged store knew of is told again: after a start, and where it is mended in use', t => {
  const { store, data } = aStore(t);
  const [first, second] = [new Memory(), new Detection(store, null)];
  const runs = [...noise(1, 60, 0.43, 3), ...noise(2, 6, 0.5, 3)].map((value, index) => runOf(index, value));
  told(runs, new Set(), first);
  runs.forEach((run, index) => {
    store.recordRun(run, { state: {}, events: [] }, second.assess(run, [], DETECTION).changes);
    if (index === 59) show(store, data);
  });
  store.close();
  damageIndex(join(data, 'watchkeeper.db'), 'eventsByTime');
  const next = reopen(data);
  next.claim(anOwner());
  const messages = takeOverHistory(next, data, judgeOf('nothing'), START_MS);
  assert.match(messages.join(), /6 further runs taken over from the damaged store/);
  assert.deepEqual(next.changes(), []);
  const { changes } = new Detection(next, null).assess(runOf(66, 0.5), [], DETECTION);
  const brief = (events: ChangeEvent[]) => events.map(({ run, kind, incident }) => ({ run, kind, incident }));
  assert.ok(changes.length > 0);
  assert.deepEqual(brief(changes), brief(first.told));

  const inUse = new Memory();
  const detection = new Detection(inUse, null);
  for (const run of runs) inUse.record(run, detection.assess(run, [], DETECTION).changes);
  inUse.told = [];
  assert.deepEqual(detection.assess(runOf(66, 0.5), [], DETECTION).changes, []);
  inUse.mended += 1;
  assert.deepEqual(brief(detection.assess(runOf(66, 0.5), [], DETECTION).changes), brief(first.told));
});
