import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trigger } from '../../src/glossary/run.ts';
import type { ModuleSettings } from '../../src/glossary/settings.ts';
import { nextSteps, type Plan, planIteration, type RunState, type Steps } from '../../src/plan/iteration.ts';
import { fc } from '../helpers/properties.ts';
import { MINUTELY, moduleOf } from './modules.ts';

const COLLECTOR = moduleOf('collector', [], MINUTELY);
const GENERATOR = moduleOf('signal-generator', ['collector']);
const BACKTESTER = moduleOf('backtester', ['signal-generator'], MINUTELY);
const PIPELINE = [COLLECTOR, GENERATOR, BACKTESTER];

function planOf(modules: ModuleSettings[], names: string[], trigger: Trigger = 'schedule'): string[] {
  return planIteration(
    modules,
    names.map(module => ({ module, trigger })),
  ).map(({ module, trigger, needs }) => `${module} ${trigger} [${needs.join(' ')}]`);
}

/** The steps in short: names, and `name: why` for skips. */
function short({ start, skip, finished }: Steps): { start: string[]; skip: string[]; finished: boolean } {
  return {
    start: start.map(({ module }) => module),
    skip: skip.map(({ run, because }) => `${run.module}: ${because}`),
    finished,
  };
}

test('an unscheduled module follows those it comes after, a scheduled one waits until it is due itself', () => {
  assert.deepEqual(planOf(PIPELINE, ['collector']), [
    'collector schedule []',
    'signal-generator after [collector]',
  ]);
  assert.deepEqual(planOf(PIPELINE, ['backtester', 'collector']), [
    'collector schedule []',
    'signal-generator after [collector]',
    'backtester schedule [signal-generator]',
  ]);
  assert.deepEqual(planOf(PIPELINE, ['backtester']), ['backtester schedule []']);
});

test('a follower of several needs all of them in the plan', () => {
  const modules = [moduleOf('a'), moduleOf('b'), moduleOf('both', ['a', 'b']), moduleOf('next', ['both'])];
  assert.deepEqual(planOf(modules, ['a']), ['a schedule []']);
  assert.deepEqual(planOf(modules, ['b', 'a'], 'change'), [
    'a change []',
    'b change []',
    'both after [a b]',
    'next after [both]',
  ]);
});

test('followers are found wherever they stand in the file, and only what must wait leaves the order of the file', () => {
  const modules = [
    moduleOf('last', ['middle']),
    moduleOf('middle', ['first']),
    moduleOf('other'),
    moduleOf('first'),
  ];
  assert.deepEqual(planOf(modules, ['first', 'other']), [
    'other schedule []',
    'first schedule []',
    'middle after [first]',
    'last after [middle]',
  ]);
});

test('a module that is not in the plan orders nothing', () => {
  const modules = [
    moduleOf('late', ['unplanned']),
    moduleOf('unplanned', ['early'], MINUTELY),
    moduleOf('early'),
  ];
  assert.deepEqual(planOf(modules, ['late', 'early']), ['late schedule []', 'early schedule []']);
});

test('a module is planned once, with the first reason that was given; one that is due itself is not a follower', () => {
  const due = [
    { module: 'collector', trigger: 'change' },
    { module: 'collector', trigger: 'schedule' },
    { module: 'signal-generator', trigger: 'manual' },
    { module: 'gone', trigger: 'manual' },
  ] as const;
  assert.deepEqual(planIteration(PIPELINE, due), [
    { module: 'collector', trigger: 'change', needs: [] },
    { module: 'signal-generator', trigger: 'manual', needs: ['collector'] },
  ]);
});

test('nothing due is an empty plan, and finished at once', () => {
  assert.deepEqual(planIteration(PIPELINE, []), []);
  assert.deepEqual(nextSteps([], new Map()), { start: [], skip: [], finished: true });
});

test('a chain starts link by link, each when the one before it has succeeded', () => {
  const plan = planIteration(PIPELINE, [
    { module: 'collector', trigger: 'manual' },
    { module: 'backtester', trigger: 'manual' },
  ]);
  const state = new Map<string, RunState>();
  assert.deepEqual(short(nextSteps(plan, state)), { start: ['collector'], skip: [], finished: false });
  state.set('collector', 'running');
  assert.deepEqual(short(nextSteps(plan, state)), { start: [], skip: [], finished: false });
  state.set('collector', 'ok');
  assert.deepEqual(short(nextSteps(plan, state)), { start: ['signal-generator'], skip: [], finished: false });
  state.set('signal-generator', 'ok').set('backtester', 'running');
  assert.deepEqual(short(nextSteps(plan, state)), { start: [], skip: [], finished: false });
  state.set('backtester', 'failed');
  assert.deepEqual(short(nextSteps(plan, state)), { start: [], skip: [], finished: true });
});

test('after a failure all that comes after it is skipped in one step, each with its own reason', () => {
  const plan = planIteration(PIPELINE, [
    { module: 'collector', trigger: 'manual' },
    { module: 'backtester', trigger: 'manual' },
  ]);
  assert.deepEqual(short(nextSteps(plan, new Map([['collector', 'failed']]))), {
    start: [],
    skip: ['signal-generator: collector failed', 'backtester: signal-generator was skipped'],
    finished: true,
  });
});

test('what does not depend on the failure goes on', () => {
  const modules = [moduleOf('a'), moduleOf('b'), moduleOf('after-a', ['a']), moduleOf('after-b', ['b'])];
  const plan = planIteration(modules, [
    { module: 'a', trigger: 'schedule' },
    { module: 'b', trigger: 'schedule' },
  ]);
  const steps = nextSteps(
    plan,
    new Map([
      ['a', 'failed'],
      ['b', 'running'],
    ]),
  );
  assert.deepEqual(short(steps), { start: [], skip: ['after-a: a failed'], finished: false });
});

test('a module does not wait for the others of its needs once one of them has failed', () => {
  const plan: Plan = [
    { module: 'a', trigger: 'schedule', needs: [] },
    { module: 'b', trigger: 'schedule', needs: [] },
    { module: 'both', trigger: 'after', needs: ['a', 'b'] },
  ];
  const steps = nextSteps(
    plan,
    new Map([
      ['a', 'running'],
      ['b', 'failed'],
    ]),
  );
  assert.deepEqual(short(steps).skip, ['both: b failed']);
});

/** Modules in any file order without a circle: each comes after some of those with a smaller number. */
const anyModules = fc
  .array(fc.tuple(fc.boolean(), fc.array(fc.nat(8), { maxLength: 3 })), { maxLength: 9 })
  .chain(specs => {
    const modules = specs.map(([scheduled, after], index) =>
      moduleOf(
        `m${index}`,
        [...new Set(after.filter(each => each < index).map(each => `m${each}`))],
        scheduled ? MINUTELY : null,
      ),
    );
    return fc.shuffledSubarray(modules, { minLength: modules.length });
  });

test('any iteration ends: each planned module starts once after all it needs succeeded, or is skipped because one did not', () => {
  fc.assert(
    fc.property(anyModules, fc.array(fc.nat(8)), fc.infiniteStream(fc.boolean()), (modules, due, coins) => {
      const flip = (): boolean => coins.next().value;
      const plan = planIteration(
        modules,
        due.map(each => ({ module: `m${each}`, trigger: 'schedule' })),
      );
      const state = new Map<string, RunState>();
      for (
        let steps = nextSteps(plan, state);
        !steps.finished || steps.skip.length > 0;
        steps = nextSteps(plan, state)
      ) {
        for (const { run } of steps.skip) {
          assert.ok(!state.has(run.module));
          state.set(run.module, 'skipped');
        }
        for (const { module, needs } of steps.start) {
          assert.ok(!state.has(module) && needs.every(need => state.get(need) === 'ok'));
          state.set(module, 'running');
        }
        const running = [...state].find(([, each]) => each === 'running');
        assert.ok(
          steps.finished || running !== undefined,
          'stuck: nothing runs and nothing is left to start',
        );
        if (running !== undefined) state.set(running[0], flip() ? 'ok' : 'failed');
      }
      assert.deepEqual([...state.keys()].sort(), plan.map(({ module }) => module).sort());
      for (const { module, needs } of plan) {
        const hindered = needs.some(need => state.get(need) !== 'ok');
        assert.equal(state.get(module) === 'skipped', hindered);
      }
    }),
    { numRuns: 500 },
  );
});

test('the plan holds exactly the due modules and, as far as it reaches, their followers', () => {
  fc.assert(
    fc.property(anyModules, fc.array(fc.nat(8)), (modules, due) => {
      const names = new Set(due.map(each => `m${each}`));
      const planned = new Set(planOf(modules, [...names]).map(text => text.split(' ')[0]));
      for (const { name, schedule, after } of modules) {
        const follows = schedule === null && after.length > 0 && after.every(each => planned.has(each));
        assert.equal(planned.has(name), names.has(name) || follows);
      }
    }),
    { numRuns: 500 },
  );
});
