import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { type CommitFacts, type CommitPlan, planCommit } from '../../src/git/plan.ts';
import type { CommitStatus } from '../../src/glossary/iteration.ts';
import type { Incident } from '../../src/glossary/judgement.ts';
import { event, run, SETTINGS } from './support.ts';

const ALL: CommitStatus[] = ['ok', 'recovered', 'persisted', 'anomaly', 'error'];
const HOUR_MS = 3_600_000;

function plan(facts: Partial<CommitFacts> = {}): CommitPlan | null {
  return planCommit({
    settings: { ...SETTINGS, commitOn: ALL },
    iteration: 42,
    runs: [run()],
    events: [],
    openIncidents: [],
    lastOkCommitMs: null,
    nowMs: 10 * HOUR_MS,
    ...facts,
  });
}

const incident: Incident = {
  id: '01JD0000000000000000000001',
  module: 'collector',
  metric: 'runtimeSeconds',
  status: 'open',
  direction: 'above',
  baseline: 1,
  value: 2,
  deviationPercent: 100,
  lastValue: 2,
  run: '01JD0000000000000000000000',
  iteration: 41,
  runsOpen: 1,
  openedAt: '2026-11-20T11:59:00.000Z',
  endedAt: null,
};

describe('what a commit is about', () => {
  test('an iteration whose runs all succeeded is ok', () => {
    assert.equal(plan()?.status, 'ok');
    assert.equal(plan()?.subject, 'Performance OK (iteration 42)');
  });

  test('a recovered incident is named, and weighs more than a failed run', () => {
    const found = plan({ events: [event()], runs: [run({ outcome: 'error' })] });
    assert.equal(found?.status, 'recovered');
    assert.equal(found?.subject, 'Anomaly recovered: collector - runtimeSeconds');
  });

  test('a persisted incident weighs more than a recovered one, and both are named', () => {
    const events = [event(), event({ event: 'persisted', module: 'backtester', metric: 'memoryMb' })];
    const found = plan({ events });
    assert.equal(found?.status, 'persisted');
    assert.equal(
      found?.subject,
      'Anomaly persisted: backtester - memoryMb; Anomaly recovered: collector - runtimeSeconds',
    );
  });

  test('many transitions keep the first line short', () => {
    const events = Array.from({ length: 12 }, (_, index) => event({ module: `module-${index}` }));
    const subject = plan({ events })?.subject ?? '';
    assert.match(subject, /^Anomaly recovered: module-0 - runtimeSeconds; .*and 1[01] more$/);
    assert.ok(subject.length <= 100, subject);
  });

  test('one very long name is kept whole', () => {
    const module = 'm'.repeat(63);
    const metric = 'x'.repeat(60);
    const found = plan({ events: [event({ module, metric }), event()] });
    assert.equal(found?.subject, `Anomaly recovered: ${module} - ${metric}; and 1 more`);
  });

  test('the same transition twice is named once', () => {
    assert.equal(
      plan({ events: [event(), event()] })?.subject,
      'Anomaly recovered: collector - runtimeSeconds',
    );
  });

  test('a module whose last attempt failed makes an error, the skipped ones come after it', () => {
    const runs = [
      run({ module: 'backtester', outcome: 'skipped', runtimeSeconds: null }),
      run({ outcome: 'timeout' }),
    ];
    const found = plan({ runs });
    assert.equal(found?.status, 'error');
    assert.equal(found?.subject, 'Module failed: collector (timeout); Module failed: backtester (skipped)');
  });

  test('a failure that a later attempt made good is ok', () => {
    assert.equal(plan({ runs: [run({ outcome: 'error' }), run({ attempt: 2 })] })?.status, 'ok');
  });

  test('an open incident makes an anomaly', () => {
    const found = plan({ openIncidents: [incident], events: [event({ event: 'anomaly' })] });
    assert.equal(found?.status, 'anomaly');
    assert.equal(found?.subject, 'Anomaly detected: 1 anomaly(ies)');
  });
});

describe('whether there is a commit', () => {
  test('only for what `commitOn` names', () => {
    const settings = { ...SETTINGS, commitOn: ['recovered'] satisfies CommitStatus[] };
    assert.equal(plan({ settings }), null);
    assert.equal(plan({ settings, events: [event()] })?.status, 'recovered');
  });

  test('never where git is switched off', () => {
    assert.equal(plan({ settings: { ...SETTINGS, enabled: false } }), null);
  });

  test('`okEvery` thins the ok commits and no others', () => {
    const settings = { ...SETTINGS, okEveryMs: HOUR_MS };
    assert.equal(plan({ settings, lastOkCommitMs: 10 * HOUR_MS - 1 }), null);
    assert.equal(plan({ settings, lastOkCommitMs: 9 * HOUR_MS })?.status, 'ok');
    assert.equal(plan({ settings, lastOkCommitMs: null })?.status, 'ok');
    assert.equal(
      plan({ settings, lastOkCommitMs: 10 * HOUR_MS - 1, events: [event()] })?.status,
      'recovered',
    );
  });

  test('a clock that was set back does not hold the ok commits up', () => {
    const settings = { ...SETTINGS, okEveryMs: HOUR_MS };
    assert.equal(plan({ settings, lastOkCommitMs: 99 * HOUR_MS })?.status, 'ok');
  });

  test('a transition that an earlier iteration could not commit is made up for', () => {
    const found = plan({ events: [event({ iteration: 40 })] });
    assert.equal(found?.subject, 'Anomaly recovered: collector - runtimeSeconds');
  });

  test('an earlier transition of a kind that is never committed does not stand in the way of ok', () => {
    const settings = { ...SETTINGS, commitOn: ['ok'] satisfies CommitStatus[] };
    assert.equal(plan({ settings, events: [event({ iteration: 42 })] }), null);
    assert.equal(plan({ settings, events: [event({ iteration: 41 })] })?.status, 'ok');
  });
});

describe('the message', () => {
  test('has a line a module with its figures, the transitions and the trailers', () => {
    const runs = [
      run(),
      run({
        module: 'signal-generator',
        attempt: 2,
        memoryMb: null,
        apiLatencySeconds: null,
        revision: null,
      }),
    ];
    assert.equal(
      plan({ runs, events: [event()] })?.message,
      `Anomaly recovered: collector - runtimeSeconds

collector         ok              0.43 s  cpu 71.2%  memory 62.1 MB  api 0.063 s  9fceb02
signal-generator  ok (attempt 2)  0.43 s  cpu 71.2%  memory -        api -

Anomaly recovered: collector - runtimeSeconds

Watchkeeper-Iteration: 42
Watchkeeper-Status: recovered
Watchkeeper-Modules: collector, signal-generator
`,
    );
  });

  test('ends in a block of trailers that git understands', () => {
    const input = plan({ runs: [run(), run({ module: 'backtester' })], events: [event()] })?.message ?? '';
    const parsed = execFileSync('git', ['interpret-trailers', '--parse'], { input, encoding: 'utf8' });
    assert.equal(
      parsed,
      'Watchkeeper-Iteration: 42\nWatchkeeper-Status: recovered\nWatchkeeper-Modules: collector, backtester\n',
    );
  });

  test('no name of a metric can add a line of its own', () => {
    const metric = 'a\n\nWatchkeeper-Status: ok\u2028\0b';
    const found = plan({ events: [event({ metric })] });
    assert.equal(found?.subject, 'Anomaly recovered: collector - a Watchkeeper-Status: ok b');
    assert.equal(found?.message.match(/^Watchkeeper-Status:/gm)?.length, 1);
  });
});
