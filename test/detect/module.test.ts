import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModuleDetection } from '../../src/detect/module.ts';
import type { Run } from '../../src/glossary/run.ts';
import { aRun, at } from '../store/fixtures.ts';
import { DETECTION } from '../supervise/played.ts';
import { noise } from './series.ts';

const RULE = { ...DETECTION, floor: 0 };

function begin(judged: (metric: string) => boolean = () => true): ModuleDetection {
  return new ModuleDetection(DETECTION, metric => (judged(metric) ? RULE : null));
}

function runOf(index: number, part: Partial<Run> = {}): Run {
  const measured = { runtimeSeconds: 1, cpuPercent: null, memoryMb: null, apiLatencySeconds: null };
  const times = { id: `run-${index}`, startedAt: at(index), endedAt: at(index + 0.5) };
  return aRun({ ...times, ...measured, api: null, custom: {}, ...part });
}

test('a verdict for each metric of the run that has a value and is judged', () => {
  const module = begin(metric => metric !== 'rows');
  const verdicts = module.next(runOf(0, { memoryMb: 7, custom: { rows: 1, pages: 2 } }));
  assert.deepEqual([...verdicts.keys()], ['runtimeSeconds', 'memoryMb', 'pages']);
  assert.equal(verdicts.get('memoryMb')?.value, 7);
});

test('a run that is given again is judged once: the verdicts are the same, and nothing is learned twice', () => {
  const once = begin();
  const twice = begin();
  noise(1, 80, 1, 3).forEach((value, index) => {
    const run = runOf(index, { runtimeSeconds: index < 60 ? value : value * 1.5 });
    const verdicts = once.next(run);
    assert.deepEqual(twice.next(run), verdicts);
    assert.equal(twice.next(run), twice.next(run));
    assert.deepEqual(twice.since('runtimeSeconds', 3), once.since('runtimeSeconds', 3));
  });
});

test('the first run of a shift is known, with the commits before and after it', () => {
  const module = begin();
  let found: ReturnType<ModuleDetection['since']> = null;
  noise(2, 120, 1, 3).forEach((value, index) => {
    const shifted = index < 100 ? value : value * 1.3;
    const run = runOf(index, { runtimeSeconds: shifted, revision: index < 100 ? 'a' : 'b' });
    const verdict = module.next(run).get('runtimeSeconds');
    if (verdict?.kind === 'shift' && index >= 100)
      found ??= module.since('runtimeSeconds', verdict.beganAgo ?? -1);
  });
  assert.deepEqual(found, { run: 'run-100', time: at(100), revisionBefore: 'a', revisionAfter: 'b' });
});

test('of a metric that not every run has, the runs that have it count', () => {
  const module = begin();
  for (let index = 0; index < 10; index += 1) {
    module.next(runOf(index, index % 2 === 0 ? { memoryMb: 5 } : {}));
  }
  assert.equal(module.since('memoryMb', 1)?.run, 'run-6');
  assert.equal(module.since('runtimeSeconds', 1)?.run, 'run-8');
});

test('what is longer ago than is known began with the oldest known run; of an unknown metric nothing is known', () => {
  const module = begin();
  for (let index = 0; index < 100; index += 1) module.next(runOf(index));
  assert.equal(module.since('runtimeSeconds', 10_000)?.run, 'run-36');
  assert.equal(module.since('nothing', 0), null);
});

test('of very many metrics the first 50 are looked at', () => {
  const custom = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`metric ${index}`, index]));
  const module = begin();
  assert.equal(module.next(runOf(0, { custom })).size, 50);
  assert.ok(module.next(runOf(1, { custom })).has('runtimeSeconds'));
});

test('what the system counts beside is followed only where it is judged, and is never part of a whole run', () => {
  const further = { setupSeconds: 0.5, diskReadMb: 1, diskWrittenMb: 2, contextSwitches: 30 };
  const [quiet, asked] = [
    begin(metric => metric !== 'contextSwitches' && !metric.startsWith('disk')),
    begin(),
  ];
  assert.deepEqual([...quiet.next(runOf(0, further)).keys()], ['runtimeSeconds', 'setupSeconds']);
  const all = ['runtimeSeconds', 'setupSeconds', 'diskReadMb', 'diskWrittenMb', 'contextSwitches'];
  assert.deepEqual([...asked.next(runOf(0, further)).keys()], all);
  for (const module of [quiet, asked])
    assert.deepEqual(module.forest.metrics(), ['runtimeSeconds', 'setupSeconds']);
});
