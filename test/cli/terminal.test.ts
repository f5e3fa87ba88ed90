import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colorsFor, terminalReporter } from '../../src/cli/terminal.ts';
import type { AnomalyEvent } from '../../src/glossary/event.ts';
import type { IterationSummary } from '../../src/glossary/iteration.ts';
import type { Run } from '../../src/glossary/run.ts';
import { NOTHING_FURTHER } from '../helpers/further.ts';

const RUN: Run = {
  id: 'run-1',
  module: 'collector',
  iteration: 4,
  trigger: 'schedule',
  attempt: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  revision: null,
  endedAt: '2026-01-01T00:00:00.430Z',
  outcome: 'ok',
  exitCode: 0,
  signal: null,
  runtimeSeconds: 0.43,
  cpuSeconds: 0.306,
  cpuPercent: 71.2,
  memoryMb: 62.14,
  apiLatencySeconds: 0.063,
  api: null,
  ...NOTHING_FURTHER,
  custom: {},
  reason: null,
};
const SUMMARY: IterationSummary = {
  iteration: 4,
  startedAt: RUN.startedAt,
  endedAt: RUN.endedAt,
  runs: [],
  events: [],
  openIncidents: [],
  notStarted: [],
  message: 'Performance OK',
  status: 'ok',
  commit: '9fceb02',
};

/** What a reporter says, the times of day left out. */
function said(env: NodeJS.ProcessEnv, isTTY = false, hasLog = false) {
  const [out, err]: [string[], string[]] = [[], []];
  const stream = (into: string[]) => ({
    isTTY,
    write: (text: string) => void into.push(text.replace(/\d\d:\d\d:\d\d/, 'TIME')),
  });
  const reporter = terminalReporter({
    stdout: stream(out),
    stderr: stream(err),
    env,
    names: ['collector'],
    hasLog: () => hasLog,
  });
  return { reporter, out, err };
}

test('a run is one line on standard output: time, module, outcome, runtime, CPU, memory, latency', () => {
  const { reporter, out, err } = said({});
  reporter.runEnded(RUN, []);
  assert.deepEqual(out, ['TIME  collector     ok           0.43 s    71 %   62.1 MB    63 ms\n']);
  assert.deepEqual(err, []);
});

test('what a run has further follows its figures, before what deviates', () => {
  const { reporter, out } = said({});
  reporter.runEnded({ ...RUN, setupSeconds: 0.1, samplesPerSecond: 250, diskReadMb: 12 }, []);
  assert.match(out[0] ?? '', / 63 ms {2}setup 0\.10 s {2}250\/s {2}read 12\.0 MB\n$/);
});

test('in colours too, nothing further is nothing', () => {
  const { reporter, out } = said({ FORCE_COLOR: '1' });
  reporter.runEnded(RUN, []);
  assert.ok(out[0]?.endsWith('63 ms\n'), JSON.stringify(out[0]));
});

test('a failed run says why, a further attempt which one, and what was not measured is no zero', () => {
  const { reporter, out } = said({});
  const nothing = { cpuSeconds: null, cpuPercent: null, memoryMb: null, apiLatencySeconds: null };
  reporter.runEnded(
    { ...RUN, ...nothing, outcome: 'error', exitCode: 3, attempt: 2, reason: 'exit code 3' },
    [],
  );
  reporter.runEnded(
    { ...RUN, ...nothing, outcome: 'skipped', runtimeSeconds: null, reason: 'feed failed' },
    [],
  );
  assert.match(out[0] ?? '', /collector {5}error 3 {6}0\.43 s {7}- {9}- {8}- {2}attempt 2 {2}exit code 3\n$/);
  assert.equal(out[1], 'TIME  collector     skipped    feed failed\n');
});

test('the log of a failed module is named where there is one', () => {
  const failed: Run = { ...RUN, outcome: 'error', exitCode: 3, reason: 'exit code 3' };
  const lineOf = (run: Run, hasLog: boolean): string => {
    const { reporter, out } = said({}, false, hasLog);
    reporter.runEnded(run, []);
    return out.join('');
  };
  assert.match(lineOf(failed, true), / {2}exit code 3: see logs\/collector\.log\n$/);
  assert.match(lineOf(failed, false), / {2}exit code 3\n$/);
  assert.match(lineOf({ ...failed, exitCode: null, reason: 'no such program' }, true), /no such program\n$/);
  assert.match(lineOf(RUN, true), /63 ms\n$/);
});

test('what is anomalous, has recovered or has persisted is marked on the line of its run', () => {
  const { reporter, out } = said({});
  const event = (kind: AnomalyEvent['event'], metric: string): AnomalyEvent => ({
    time: RUN.endedAt,
    event: kind,
    message: '',
    module: RUN.module,
    metric,
    value: 2,
    baseline: 1,
    deviationPercent: 100,
    thresholdPercent: 25,
    direction: 'above',
    run: RUN.id,
    iteration: 4,
    incident: 'incident-1',
    runsOpen: 0,
  });
  reporter.runEnded(RUN, [
    event('anomaly', 'runtimeSeconds'),
    { ...event('anomaly', 'cpuPercent'), confidence: 0.9996 },
    event('recovered', 'memoryMb'),
    event('persisted', 'rows'),
  ]);
  const marks =
    '! runtime +100.0%  ! cpu +100.0%, 99% sure  ✓ memory +100.0% recovered  = rows +100.0% persisted';
  assert.ok(out.join('').endsWith(`63 ms  ${marks}\n`), out.join(''));
});

test('an iteration is one line, with the commit that holds it', () => {
  const { reporter, out } = said({});
  reporter.iterationEnded(SUMMARY);
  reporter.iterationEnded({ ...SUMMARY, commit: null });
  assert.deepEqual(out, [
    'TIME  iteration 4: Performance OK  commit 9fceb02\n',
    'TIME  iteration 4: Performance OK\n',
  ]);
});

for (const [message, status, color] of [
  ['Performance OK', 'ok', 32],
  ['Anomaly recovered: detected - failed', 'recovered', 32],
  ['Module failed: b (error); Anomaly recovered: a - rows', 'recovered', 31],
  ['Anomaly detected: 1 anomaly(ies); Anomaly recovered: a - rows', 'recovered', 31],
  ['Anomaly persisted: a - rows; Anomaly recovered: b - rows', 'persisted', 31],
  ['Performance OK', 'error', 31], // a module was skipped
] as const) {
  test(`an iteration that is ${status} with '${message}' is ${color === 31 ? 'red' : 'green'}`, () => {
    const { reporter, out } = said({}, true);
    reporter.iterationEnded({ ...SUMMARY, message, status });
    assert.ok(out.join('').includes(`\u001b[${color}m${message}`), JSON.stringify(out));
  });
}

test('what is no result goes to standard error', () => {
  const { reporter, out, err } = said({});
  reporter.info('watching');
  reporter.warn('something');
  assert.deepEqual([out, err], [[], ['TIME  watching\n', 'TIME  warning: something\n']]);
});

test('a name that is longer than the column makes room for itself in every line', () => {
  const name = 'n'.repeat(63);
  const { reporter, out } = said({});
  reporter.runEnded({ ...RUN, module: name }, []);
  assert.match(out[0] ?? '', new RegExp(`^TIME {2}${name} {2}ok `));
});

for (const [what, env, isTTY, expected] of [
  ['in a terminal', {}, true, true],
  ['in a file or a pipe', {}, false, false],
  ['with NO_COLOR', { NO_COLOR: '1' }, true, false],
  ['with an empty NO_COLOR', { NO_COLOR: '' }, true, true],
  ['in a dumb terminal', { TERM: 'dumb' }, true, false],
  ['with FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, true],
  ['with FORCE_COLOR=0 in a pipe', { FORCE_COLOR: '0' }, false, false],
  ['with an empty FORCE_COLOR in a pipe', { FORCE_COLOR: '' }, false, false],
  ['with NO_COLOR and FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
] as const) {
  test(`${what} there are ${expected ? '' : 'no '}colours`, () => {
    const stream = { write: () => {}, isTTY };
    assert.equal(colorsFor(stream, env).isColorSupported, expected);
    const { reporter, out } = said(env, isTTY);
    reporter.runEnded(RUN, []);
    assert.equal(out.join('').includes('\u001b['), expected);
  });
}
