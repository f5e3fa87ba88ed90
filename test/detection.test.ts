import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleFor } from '../src/config/rules.ts';
import type { Assessed } from '../src/detect/assess.ts';
import { Detection } from '../src/detection.ts';
import type { DetectionSettings } from '../src/glossary/detection-settings.ts';
import type { LogEvent } from '../src/glossary/event.ts';
import type { Run } from '../src/glossary/run.ts';
import { judgeRun } from '../src/judge.ts';
import type { Store } from '../src/store/store.ts';
import { noise } from './detect/series.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { aRun, aStore, at } from './store/fixtures.ts';
import { DETECTION } from './supervise/played.ts';

failOnLeaks();

/** From run 100 on `b` is checked out, before it `a`. */
function runOf(index: number, runtimeSeconds: number): Run {
  const others = { cpuPercent: null, memoryMb: null, apiLatencySeconds: null, api: null, custom: {} };
  const times = { id: `run-${index}`, startedAt: at(index), endedAt: at(index + 0.5) };
  return aRun({ ...times, ...others, runtimeSeconds, revision: index < 100 ? 'a' : 'b' });
}

/** Judges and records runs one after the other, as a supervisor does. */
class Workspace {
  readonly #store: Store;
  readonly #settings: DetectionSettings;
  detection: Detection;

  constructor(store: Store, settings: DetectionSettings) {
    this.#store = store;
    this.#settings = settings;
    this.detection = new Detection(store, null);
  }

  /** Without a word to the store. */
  assess(run: Run): Assessed & { record(): void } {
    const judgement = judgeRun(
      this.#store.moduleState(run.module),
      run,
      metric => ruleFor(this.#settings, run.module, metric),
      ({ id }, metric) => `${id} ${metric}`,
    );
    const assessed = this.detection.assess(run, judgement.events, this.#settings);
    const record = (): void =>
      this.#store.recordRun(run, { ...judgement, events: assessed.events }, assessed.changes);
    return { ...assessed, record };
  }

  play(values: readonly number[], first = 0): void {
    values.forEach((value, index) => void this.assess(runOf(first + index, value)).record());
  }

  events(): LogEvent[] {
    return this.#store.eventsAfter(0).map(({ event }) => event);
  }

  changes(): LogEvent[] {
    return this.events().filter(({ event }) => event === 'change');
  }
}

const QUIET = noise(1, 100, 0.43, 3);

test('a shift of +10 % that the rule does not see becomes a line of its own, with since when', t => {
  const workspace = new Workspace(aStore(t).store, DETECTION);
  workspace.play([...QUIET, ...noise(2, 15, 0.473, 3)]);
  const [change, ...more] = workspace.changes();
  assert.deepEqual(more, []);
  assert.ok(change !== undefined && 'since' in change && change.since !== null && change.since !== undefined);
  assert.equal(change.kind, 'shift');
  assert.equal(change.direction, 'above');
  assert.deepEqual(change.since, { run: 'run-100', time: at(100), revisionBefore: 'a', revisionAfter: 'b' });
  assert.ok((change.confidence ?? 0) > 0.6);
  assert.ok(Math.abs((change.deviationPercent ?? 0) - 10) < 6, `${change.deviationPercent}`);
  assert.match(change.message, /a shift of \+\d/);
});

test('an event of the rule is told how sure the detectors are, its kind, its severity and their votes', t => {
  const workspace = new Workspace(aStore(t).store, DETECTION);
  workspace.play([...QUIET, 0.43 * 3]);
  const [event] = workspace.events();
  assert.equal(event?.event, 'anomaly');
  assert.equal(event.kind, 'spike');
  assert.equal(event.severity, 'critical');
  assert.ok((event.confidence ?? 0) > 0.9);
  assert.ok((event.votes?.['deviation'] ?? 0) > 0.5 && (event.votes?.['spike'] ?? 0) > 0.5);
  assert.equal(event.since, null);
  assert.deepEqual(workspace.changes(), []);
});

test('what an incident of the rule has told of is no change as well', t => {
  const workspace = new Workspace(aStore(t).store, DETECTION);
  // The rule takes +100 % as the new normal after three runs; the detectors are sure of the shift meanwhile or later.
  workspace.play([...QUIET, ...noise(2, 20, 0.86, 3)]);
  assert.deepEqual(
    workspace.events().map(({ event }) => event),
    ['anomaly', 'anomaly', 'anomaly', 'anomaly', 'persisted'],
  );
});

test('with `changes: false` the rule alone writes', t => {
  const workspace = new Workspace(aStore(t).store, { ...DETECTION, changes: false });
  workspace.play([...QUIET, ...noise(2, 15, 0.473, 3), 2]);
  assert.deepEqual(
    workspace.events().map(({ event }) => event),
    ['anomaly'],
  );
  assert.equal(typeof workspace.events()[0]?.confidence, 'number');
});

test('a run that could not be recorded at once, and is given again, is judged once', t => {
  const workspace = new Workspace(aStore(t).store, DETECTION);
  workspace.play(QUIET);
  const other = new Workspace(aStore(t).store, DETECTION);
  other.play(QUIET);
  noise(2, 15, 0.473, 3).forEach((value, index) => {
    const run = runOf(100 + index, value);
    const { events, changes } = workspace.assess(run);
    const again = workspace.assess(run);
    assert.deepEqual([again.events, again.changes], [events, changes]);
    again.record();
    other.assess(run).record();
  });
  assert.deepEqual(workspace.changes(), other.changes());
  assert.equal(workspace.changes().length, 1);
});

test('after a restart it goes on with what the store knows', t => {
  const { store } = aStore(t);
  const workspace = new Workspace(store, DETECTION);
  workspace.play([...QUIET, ...noise(2, 1, 0.473, 3)]);
  workspace.detection = new Detection(store, null);
  workspace.play(noise(2, 15, 0.473, 3).slice(1), 101);
  const [change] = workspace.changes();
  assert.equal(change?.since?.run, 'run-100');
});

test('runs that failed teach it nothing', t => {
  const { store } = aStore(t);
  const workspace = new Workspace(store, DETECTION);
  workspace.play(QUIET);
  for (let index = 0; index < 10; index += 1) {
    store.recordRun({ ...runOf(200 + index, 99), outcome: 'error' }, null);
  }
  workspace.detection = new Detection(store, null);
  const run = runOf(300, 0.43);
  const { changes } = workspace.assess(run);
  assert.deepEqual(changes, []);
});
