import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rule } from '../../src/glossary/detection-settings.ts';
import type { ModuleState } from '../../src/glossary/judgement.ts';
import { Baselines } from '../../src/store/baselines.ts';
import { module, settingsOf } from '../supervise/played.ts';

const RULE: Rule = { thresholdPercent: 25, window: 2, recoveryRuns: 3, floor: 0 };

const stateOf = (values: number): ModuleState => ({
  runtimeSeconds: { recent: Array(values).fill(1), incident: null },
});

/** A store with a state for each module, which notes what it is asked. */
function played(states: Record<string, number>) {
  const asked: string[] = [];
  const runs = new Map(Object.keys(states).map(name => [name, 1]));
  let mends = 0;
  return {
    asked: () => asked.splice(0),
    run(name: string) {
      states[name] = (states[name] ?? 0) + 1;
      runs.set(name, (runs.get(name) ?? 0) + 1);
    },
    mend: () => {
      mends += 1;
    },
    store: {
      mends: () => mends,
      newestRuns: () => runs,
      moduleState(name: string) {
        asked.push(name);
        return stateOf(states[name] ?? 0);
      },
    },
  };
}

test('all baselines are full when each module has one, and only a module with a new run is asked again', () => {
  const { store, run, asked, mend } = played({ one: 2, two: 1 });
  const settings = settingsOf([module('one'), module('two')]);
  const baselines = new Baselines(store, () => RULE);
  assert.equal(baselines.areFull(settings), false);
  assert.deepEqual(asked(), ['one', 'two']);
  run('two');
  assert.equal(baselines.areFull(settings), true);
  assert.equal(baselines.areFull(settings), true);
  assert.deepEqual(asked(), ['two']);
  assert.equal(baselines.areFull({ ...settings }), true);
  assert.deepEqual(asked(), ['one', 'two'], 'other settings may have other rules');
  mend();
  assert.equal(baselines.areFull({ ...settings }), true);
  assert.deepEqual(asked(), ['one', 'two'], 'what was mended may be different');
});

test('a module that has never run has no baseline; one that is not judged needs none', () => {
  const { store } = played({ one: 2 });
  const settings = settingsOf([module('one'), module('two')]);
  assert.equal(new Baselines(store, () => RULE).areFull(settings), false);
  const ruleFor = (_: unknown, name: string): Rule | null => (name === 'one' ? RULE : null);
  const unjudged = { ...store, moduleState: (name: string) => (name === 'one' ? stateOf(2) : {}) };
  assert.equal(new Baselines(unjudged, ruleFor).areFull(settings), true);
});
