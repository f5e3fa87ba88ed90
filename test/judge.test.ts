import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rule } from '../src/glossary/detection-settings.ts';
import type { ModuleState } from '../src/glossary/judgement.ts';
import type { Outcome, Run } from '../src/glossary/run.ts';
import { judgeRun } from '../src/judge.ts';
import { fc } from './helpers/properties.ts';
import { verdictsOf } from './judge/reference.ts';
import { judgeAll, RULE, runOf, runtimes, told } from './judge/runs.ts';

test('a short excursion is two anomaly lines of one incident, then recovered, with the old baseline', () => {
  const { state, events } = judgeAll(runtimes(1, 1, 1, 1, 1, 2, 2, 1));
  assert.deepEqual(told(events), ['anomaly 0', 'anomaly 1', 'recovered 2']);
  assert.equal(new Set(events.map(({ incident }) => incident)).size, 1);
  assert.deepEqual(
    events.map(({ deviationPercent }) => deviationPercent),
    [100, 100, 0],
  );
  assert.deepEqual(state, { runtimeSeconds: { recent: [1, 1, 1, 1, 1], incident: null } });
});

test('a shift that stays is four anomaly lines and persisted; the next value fills the window, the one after is judged', () => {
  const shifted = judgeAll(runtimes(1, 1, 1, 1, 1, 2, 2, 2, 2));
  assert.deepEqual(told(shifted.events), ['anomaly 0', 'anomaly 1', 'anomaly 2', 'anomaly 3', 'persisted 3']);
  assert.deepEqual(shifted.state, { runtimeSeconds: { recent: [2, 2, 2, 2], incident: null } });

  const filling = judgeAll([runOf(10, { runtimeSeconds: 9 })], () => RULE, shifted.state);
  assert.deepEqual(filling.events, []);
  const filled = judgeAll([runOf(10, { runtimeSeconds: 2 })], () => RULE, shifted.state);
  assert.deepEqual(filled.events, []);
  const next = judgeAll([runOf(11, { runtimeSeconds: 1 })], () => RULE, filled.state);
  assert.deepEqual(told(next.events), ['anomaly 0']);
  assert.equal(next.events[0]?.baseline, 2);
});

test('an event holds all that the log promises', () => {
  const { events } = judgeAll(runtimes(0.43, 0.43, 0.43, 0.43, 0.43, 0.81, 0.44));
  assert.deepEqual(events, [
    {
      time: '2026-11-20T12:00:06.900Z',
      event: 'anomaly',
      message: 'collector: runtime 0.81 s is 88.4% above its 5-run average of 0.43 s',
      module: 'collector',
      metric: 'runtimeSeconds',
      value: 0.81,
      baseline: 0.43,
      deviationPercent: 88.37,
      thresholdPercent: 25,
      direction: 'above',
      run: '01JD0000060000000000000000',
      iteration: 6,
      incident: events[0]?.incident,
      runsOpen: 0,
    },
    {
      time: '2026-11-20T12:00:07.900Z',
      event: 'recovered',
      message: 'Anomaly recovered: collector - runtimeSeconds',
      module: 'collector',
      metric: 'runtimeSeconds',
      value: 0.44,
      baseline: 0.43,
      deviationPercent: 2.33,
      thresholdPercent: 25,
      direction: 'above',
      run: '01JD0000070000000000000000',
      iteration: 7,
      incident: events[0]?.incident,
      runsOpen: 1,
    },
  ]);
  assert.match(events[0]?.incident ?? '', /^01JD000006[0-9A-HJKMNP-TV-Z]{16}$/);
});

test('while it is open an incident remembers its run, its side, its frozen baseline and its values', () => {
  const { state, events } = judgeAll(runtimes(1, 1, 1, 1, 1, 0.5, 0.4));
  assert.deepEqual(state, {
    runtimeSeconds: {
      recent: [1, 1, 1, 1, 1],
      incident: {
        id: events[0]?.incident,
        run: '01JD0000060000000000000000',
        openedAt: '2026-11-20T12:00:06.900Z',
        direction: 'below',
        baseline: 1,
        values: [0.5, 0.4],
        runsOpen: 1,
      },
    },
  });
});

test('the recovering value is taken into the baseline, the values of the incident are not', () => {
  const { state } = judgeAll(runtimes(1, 1, 1, 1, 1, 2, 1.2));
  assert.deepEqual(state['runtimeSeconds']?.recent, [1, 1, 1, 1, 1.2]);
});

test('a value may cross to the other side of the baseline and still be the same incident', () => {
  const { events } = judgeAll(runtimes(1, 1, 1, 1, 1, 2, 0.2, 1));
  assert.deepEqual(told(events), ['anomaly 0', 'anomaly 1', 'recovered 2']);
  assert.deepEqual(
    events.map(({ direction }) => direction),
    ['above', 'below', 'above'],
  );
});

test('exactly at the threshold is within it, exactly at the floor is not below it', () => {
  const steady = [0.43, 0.43, 0.43, 0.43, 0.43];
  const floorless = { ...RULE, floor: 0 };
  assert.deepEqual(judgeAll(runtimes(...steady, 0.43 * 1.25), () => floorless).events, []);
  assert.deepEqual(judgeAll(runtimes(...steady, 0.5375), () => floorless).events, []);
  assert.equal(judgeAll(runtimes(...steady, 0.5376), () => floorless).events.length, 1);
  const floored = { ...RULE, thresholdPercent: 1 };
  assert.equal(judgeAll(runtimes(...steady, 0.48), () => floored).events.length, 1);
  assert.deepEqual(judgeAll(runtimes(...steady, 0.4799), () => floored).events, []);
});

test('against a baseline of 0 the floor alone decides, and there is no percentage', () => {
  const { events } = judgeAll(runtimes(0, 0, 0, 0, 0, 0.04, 0.04, 0, 0, 0, 0.05), () => RULE);
  assert.deepEqual(events, []); // the small values have moved the baseline away from 0, the floor holds them back
  const rule = { ...RULE, floor: 0.05 };
  const flagged = judgeAll(runtimes(0, 0, 0, 0, 0, 0.05), () => rule).events;
  assert.equal(flagged[0]?.deviationPercent, null);
  assert.equal(flagged[0]?.message, 'collector: runtime 0.05 s is above its 5-run average of 0 s');
});

test('a value that equals its baseline is never an anomaly, not even with threshold and floor at 0', () => {
  const strict: Rule = { thresholdPercent: 0, window: 5, recoveryRuns: 3, floor: 0 };
  assert.deepEqual(judgeAll(runtimes(0, 0, 0, 0, 0, 0, 0), () => strict).events, []);
  assert.deepEqual(judgeAll(runtimes(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1), () => strict).events, []);
  assert.equal(judgeAll(runtimes(0, 0, 0, 0, 0, 1e-300), () => strict).events.length, 1);
});

test('values that cancel out have a baseline of 0, not one of binary noise', () => {
  const rule: Rule = { ...RULE, window: 3, floor: 0 };
  const profits = [0.1, 0.2, -0.3, 0].map((profit, index) => runOf(index, { custom: { profit } }));
  assert.deepEqual(judgeAll(profits, () => rule).events, []);
});

test('a negative baseline is measured by its size', () => {
  const rule = { ...RULE, floor: 0 };
  const custom = (...values: number[]): Run[] =>
    values.map((profit, index) => runOf(index, { custom: { profit } }));
  assert.deepEqual(judgeAll(custom(-4, -4, -4, -4, -4, -5), () => rule).events, []);
  const [event] = judgeAll(custom(-4, -4, -4, -4, -4, 4), () => rule).events;
  assert.equal(event?.deviationPercent, 200);
  assert.equal(event?.direction, 'above');
  assert.equal(event?.message, 'collector: profit 4 is 200.0% above its 5-run average of -4');
});

test('failed and skipped runs change nothing: no state, no event, no run of an incident', () => {
  const { state } = judgeAll(runtimes(1, 1, 1, 1, 1, 2));
  for (const outcome of ['error', 'timeout', 'killed', 'skipped'] satisfies Outcome[]) {
    const judgement = judgeRun(
      state,
      runOf(7, { outcome, runtimeSeconds: 50 }),
      () => RULE,
      () => 'X',
    );
    assert.deepEqual(judgement, { state, events: [] });
  }
  const { events } = judgeAll([runOf(8, { runtimeSeconds: 1 })], () => RULE, state);
  assert.deepEqual(told(events), ['recovered 1']);
});

test('runs without a finite value are passed over, whatever they hold instead', () => {
  const { state, events } = judgeAll(
    runtimes(1, null, 1, Number.NaN, 1, Number.POSITIVE_INFINITY, 1, 1, null, 2, null, 2, 1),
  );
  assert.deepEqual(told(events), ['anomaly 0', 'anomaly 1', 'recovered 2']);
  assert.deepEqual(state['runtimeSeconds']?.recent, [1, 1, 1, 1, 1]);
});

test('base metrics come first, then custom ones; each metric has its own baseline and incident', () => {
  const run = (number: number, factor: number): Run =>
    runOf(number, {
      runtimeSeconds: factor,
      cpuPercent: 70 * factor,
      memoryMb: 62.1 * factor,
      apiLatencySeconds: 0.063 * factor,
      custom: { rowsCollected: 1200 * factor, runtimeSeconds: 999 * number },
    });
  const { state, events } = judgeAll([1, 1, 1, 1, 1, 2].map((factor, index) => run(index, factor)));
  assert.deepEqual(
    events.map(({ message }) => message),
    [
      'collector: runtime 2 s is 100.0% above its 5-run average of 1 s',
      'collector: CPU 140% is 100.0% above its 5-run average of 70%',
      'collector: memory 124 MB is 100.0% above its 5-run average of 62.1 MB',
      'collector: API latency 0.126 s is 100.0% above its 5-run average of 0.063 s',
      'collector: rowsCollected 2400 is 100.0% above its 5-run average of 1200',
    ],
  );
  assert.equal(new Set(events.map(({ incident }) => incident)).size, 5);
  assert.deepEqual(Object.keys(state), [
    'runtimeSeconds',
    'cpuPercent',
    'memoryMb',
    'apiLatencySeconds',
    'rowsCollected',
  ]);
});

test('a metric that is taken out of judging is forgotten without a word, its open incident too', () => {
  const open = judgeAll(runtimes(1, 1, 1, 1, 1, 2)).state;
  const { state, events } = judgeAll([runOf(7, { memoryMb: 3 })], metric =>
    metric === 'runtimeSeconds' ? null : RULE,
  );
  assert.deepEqual(state, { memoryMb: { recent: [3], incident: null } });
  assert.deepEqual(events, []);
  assert.deepEqual(judgeAll([runOf(8)], () => null, open).state, {});
});

test('a metric may be named as a trap of the language, and is one like any other', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const run = (number: number, value: number): Run =>
    runOf(number, { custom: Object.fromEntries(names.map(name => [name, value])) });
  let state: ModuleState = {};
  const events = [1, 1, 1, 1, 1, 2].flatMap((value, index) => {
    const judgement = judgeAll([run(index, value)], () => RULE, state);
    state = JSON.parse(JSON.stringify(judgement.state)); // as the store keeps it
    return judgement.events;
  });
  assert.deepEqual(
    events.map(({ metric }) => metric),
    names,
  );
  assert.deepEqual(Object.keys(state), names);
  assert.equal(Object.getPrototypeOf(state), Object.prototype);
  assert.equal(({} as Record<string, unknown>)['recent'], undefined);
});

test('the name of a custom metric stays on its line of a message', () => {
  const metric = `rows\n\nWatchkeeper-Status: ok\u2028\u202E${'x'.repeat(500)}`;
  const runs = [1, 1, 1, 1, 1, 2, 1].map((value, index) => runOf(index, { custom: { [metric]: value } }));
  const { events } = judgeAll(runs);
  assert.deepEqual(told(events), ['anomaly 0', 'recovered 1']);
  for (const event of events) {
    assert.match(event.message, /^[\x20-\x7e]{20,200}$/);
    assert.equal(event.metric, metric);
  }
});

test('two different figures never look the same in a message', () => {
  const rule = { ...RULE, thresholdPercent: 0.01, floor: 0 };
  const [event] = judgeAll(runtimes(1000, 1000, 1000, 1000, 1000, 1000.25), () => rule).events;
  assert.equal(event?.message, 'collector: runtime 1000.3 s is 0.03% above its 5-run average of 1000 s');
});

test('a smaller window is used at once, a larger one when so many values have come', () => {
  const before = judgeAll(runtimes(9, 9, 1, 1, 1)).state;
  const smaller = judgeAll([runOf(6, { runtimeSeconds: 2 })], () => ({ ...RULE, window: 3 }), before);
  assert.equal(smaller.events[0]?.baseline, 1);
  const wide = { ...RULE, window: 7, thresholdPercent: 1000 };
  const grown = judgeAll(
    [6, 7, 8].map(number => runOf(number, { runtimeSeconds: 1 })),
    () => wide,
    before,
  );
  assert.deepEqual(grown.events, []);
  assert.deepEqual(grown.state['runtimeSeconds']?.recent, [9, 1, 1, 1, 1, 1, 1]);
  const judged = judgeAll(
    [runOf(9, { runtimeSeconds: 3 })],
    () => ({ ...wide, thresholdPercent: 25 }),
    grown.state,
  );
  assert.equal(
    judged.events[0]?.message,
    'collector: runtime 3 s is 40.0% above its 7-run average of 2.14 s',
  );
});

test('with a window smaller than the incident the new baseline is its last values, used at once', () => {
  const rule = { ...RULE, window: 3 };
  const shifted = judgeAll(runtimes(1, 1, 1, 9, 2, 2, 2), () => rule);
  assert.deepEqual(told(shifted.events).at(-1), 'persisted 3');
  assert.deepEqual(shifted.state['runtimeSeconds']?.recent, [2, 2, 2]);
  const [event] = judgeAll([runOf(8, { runtimeSeconds: 3 })], () => rule, shifted.state).events;
  assert.equal(event?.baseline, 2);
});

test('other numbers of recovery runs end an incident at theirs', () => {
  const after = (recoveryRuns: number): string[] =>
    told(judgeAll(runtimes(1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2), () => ({ ...RULE, recoveryRuns })).events);
  assert.deepEqual(after(1), ['anomaly 0', 'anomaly 1', 'persisted 1']);
  assert.deepEqual(after(5).slice(-2), ['anomaly 5', 'persisted 5']);
  assert.deepEqual(after(0), ['anomaly 0', 'persisted 0']);
});

test('fewer recovery runs than an open incident has already had end it with its next value outside', () => {
  const open = judgeAll(runtimes(1, 1, 1, 1, 1, 2, 2, 2), () => ({ ...RULE, recoveryRuns: 10 })).state;
  const { events } = judgeAll([runOf(9, { runtimeSeconds: 2 })], () => ({ ...RULE, recoveryRuns: 1 }), open);
  assert.deepEqual(told(events), ['anomaly 3', 'persisted 3']);
});

test('extreme values neither crash nor leave anything in an event that JSON cannot hold', () => {
  const extreme = fc.constantFrom(0, -0, 5e-324, -5e-324, 1, 1e308, -1e308, Number.MAX_VALUE, 1e-300);
  fc.assert(
    fc.property(fc.array(extreme, { maxLength: 20 }), fc.constantFrom(0, 25, 1e300), (values, threshold) => {
      const rule = { ...RULE, window: 2, floor: 0, thresholdPercent: threshold };
      const judged = judgeAll(runtimes(...values), () => rule);
      assert.deepEqual(JSON.parse(JSON.stringify(judged)), JSON.parse(JSON.stringify(judged), finite));
      assert.doesNotMatch(JSON.stringify(judged.events), /"(value|baseline)":null/);
    }),
  );
});

function finite(_key: string, value: unknown): unknown {
  assert.ok(typeof value !== 'number' || Number.isFinite(value));
  return value;
}

const anyRule = fc.record({
  thresholdPercent: fc.constantFrom(0, 1, 10, 25, 33, 50, 100),
  window: fc.integer({ min: 1, max: 6 }),
  recoveryRuns: fc.integer({ min: 0, max: 5 }),
  floor: fc.constantFrom(0, 1, 5, 30),
});
/** Steps and noise around levels, so that incidents open, recover and persist; now and then anything. */
const anySeries = fc
  .array(
    fc.tuple(
      fc.constantFrom(0, 10, 40, 100, -40),
      fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 1, maxLength: 9 }),
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map(levels =>
    levels.flatMap(([level, noise]) => noise.map(each => level + (each > 8 ? each * 3 : each % 4))),
  );

test('any series gets the verdicts of the plain reading of the rule', () => {
  let events = 0;
  fc.assert(
    fc.property(anySeries, anyRule, (series, rule) => {
      const expected = verdictsOf(series, rule);
      events += expected.length;
      const judged = judgeAll(runtimes(...series), () => rule).events;
      assert.deepEqual(
        judged.map(({ event, iteration, runsOpen }) => ({ event, index: iteration - 1, runsOpen })),
        expected,
      );
    }),
    { numRuns: 1500 },
  );
  assert.ok(events > 1500, `only ${events} verdicts: the series are too quiet to prove anything`);
});

test('the same series in hundredths gets the same verdicts: binary fractions decide nothing', () => {
  fc.assert(
    fc.property(anySeries, anyRule, (series, rule) => {
      const hundredths = runtimes(...series.map(value => value / 100));
      const judged = judgeAll(hundredths, () => ({ ...rule, floor: rule.floor / 100 })).events;
      assert.deepEqual(
        judged.map(({ event, iteration, runsOpen }) => ({ event, index: iteration - 1, runsOpen })),
        verdictsOf(series, rule),
      );
    }),
    { numRuns: 700 },
  );
});

test('failed runs and runs without a value may stand anywhere: the verdicts on the others stay the same', () => {
  const noise = fc.constantFrom<Partial<Run>[]>(
    [],
    [{ outcome: 'error', runtimeSeconds: 77 }],
    [{ runtimeSeconds: null }, { outcome: 'timeout', runtimeSeconds: 1 }],
  );
  fc.assert(
    fc.property(
      anySeries,
      anyRule,
      fc.array(noise, { minLength: 80, maxLength: 80 }),
      (series, rule, gaps) => {
        const plain = runtimes(...series);
        const gappy = plain.flatMap((run, index) => [
          ...(gaps[index] ?? []).map((parts, extra) => runOf(1000 + index * 10 + extra, parts)),
          run,
        ]);
        assert.deepEqual(
          judgeAll(gappy, () => rule),
          judgeAll(plain, () => rule),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('judging is pure: frozen state and run are enough, and the same question has the same answer', () => {
  fc.assert(
    fc.property(anySeries, anyRule, (series, rule) => {
      let state: ModuleState = {};
      for (const run of runtimes(...series)) {
        const frozen = deepFreeze(structuredClone(state));
        const first = judgeAll([deepFreeze(run)], () => rule, frozen);
        assert.deepEqual(
          judgeAll([run], () => rule, frozen),
          first,
        );
        state = JSON.parse(JSON.stringify(first.state));
        assert.deepEqual(state, first.state);
      }
    }),
    { numRuns: 100 },
  );
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

test('a fixed baseline takes the place of the rolling one, from the first value on, and stays where an incident persists', () => {
  const fixed: Rule = { ...RULE, fixedBaseline: 1 };
  const { state, events } = judgeAll(runtimes(2, 2, 2, 2, 2, 1.1, 1.2), () => fixed);
  assert.deepEqual(told(events), [
    ...['anomaly 0', 'anomaly 1', 'anomaly 2', 'anomaly 3', 'persisted 3'],
    ...['anomaly 0', 'recovered 1'],
  ]);
  assert.ok(events.every(({ baseline }) => baseline === 1));
  assert.equal(events[0]?.message, 'collector: runtime 2 s is 100.0% above its fixed baseline of 1 s');
  assert.equal(state['runtimeSeconds']?.incident, null);
});

test('a slow drift, which a rolling baseline follows, leaves a fixed one', () => {
  const drift = Array.from({ length: 40 }, (_, index) => 1 + index * 0.01);
  assert.deepEqual(judgeAll(runtimes(...drift)).events, []);
  assert.ok(judgeAll(runtimes(...drift), () => ({ ...RULE, fixedBaseline: 1 })).events.length > 0);
});
