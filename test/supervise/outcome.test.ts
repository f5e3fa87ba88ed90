import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChildResult } from '../../src/glossary/child.ts';
import type { Run, StartedRun } from '../../src/glossary/run.ts';
import { endedRun, unmeasuredRun } from '../../src/supervise/outcome.ts';
import { NOTHING_REPORTED } from '../helpers/further.ts';
import { childEnd, module } from './played.ts';

const STARTED: StartedRun = {
  id: 'run-1',
  module: 'collector',
  iteration: 3,
  trigger: 'schedule',
  attempt: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  revision: '9fceb02+',
};

const runOf = (result: Partial<ChildResult>): Run =>
  endedRun(STARTED, childEnd(result), NOTHING_REPORTED, module('collector', { timeoutMs: 1_500 }));

for (const [what, result, expected] of [
  ['exit code 0', {}, ['ok', null]],
  ['another exit code', { exitCode: 3 }, ['error', 'exit code 3']],
  ['a signal', { exitCode: null, signal: 'SIGSEGV' }, ['killed', 'ended by SIGSEGV']],
  ['our stop', { stopped: true, exitCode: 0 }, ['killed', 'ended because the supervisor stopped']],
  ['its timeout', { timedOut: true, exitCode: 0 }, ['timeout', 'ended after its timeout of 1.5 s']],
  ['no start', { startError: { code: 'E', message: 'gone', permanent: true } }, ['error', 'gone']],
] as const) {
  test(`a run that ended with ${what} is ${expected[0]}`, () => {
    const { outcome, reason } = runOf(result);
    assert.deepEqual([outcome, reason], expected);
  });
}

test('the CPU share is that of the runtime, and nothing where either is missing', () => {
  assert.equal(runOf({ runtimeSeconds: 2, cpuSeconds: 3 }).cpuPercent, 150);
  assert.equal(runOf({ runtimeSeconds: 2, cpuSeconds: null }).cpuPercent, null);
  assert.equal(runOf({ runtimeSeconds: 0, cpuSeconds: 0 }).cpuPercent, null);
});

test('a run has the times of its child, and what its module reported', () => {
  const api = { count: 2, errors: 1, p95: 0.3, max: 0.3 };
  const reported = { ...NOTHING_REPORTED, apiLatencySeconds: 0.2, api, custom: { rows: 7 } };
  const run = endedRun(
    STARTED,
    childEnd({ startedAtMs: 1_000, endedAtMs: 3_500 }),
    reported,
    module('collector'),
  );
  assert.deepEqual([run.startedAt, run.endedAt], ['1970-01-01T00:00:01.000Z', '1970-01-01T00:00:03.500Z']);
  assert.deepEqual([run.apiLatencySeconds, run.api, run.custom], [0.2, api, { rows: 7 }]);
  assert.deepEqual([run.id, run.iteration, run.revision], ['run-1', 3, '9fceb02+']);
});

test('the end is the start and the runtime, however late we hear of it; by the clock only where that was set', () => {
  const late = runOf({ startedAtMs: 1_000, endedAtMs: 1_090, runtimeSeconds: 0.0501 });
  assert.equal(late.endedAt, '1970-01-01T00:00:01.050Z');
  const set = runOf({ startedAtMs: 1_000, endedAtMs: 3_601_050, runtimeSeconds: 0.05 });
  assert.equal(set.endedAt, '1970-01-01T01:00:01.050Z');
});

test('a run that never was has no figures', () => {
  const run = unmeasuredRun(STARTED, 'skipped', STARTED.startedAt, 'a failed');
  assert.deepEqual(
    [run.runtimeSeconds, run.cpuSeconds, run.cpuPercent, run.memoryMb, run.exitCode, run.signal],
    [null, null, null, null, null, null],
  );
  assert.deepEqual([run.outcome, run.reason, run.endedAt], ['skipped', 'a failed', STARTED.startedAt]);
});
