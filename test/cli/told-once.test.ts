import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSettings } from '../../src/config/load.ts';
import { Detection } from '../../src/detection.ts';
import type { DetectionSettings } from '../../src/glossary/detection-settings.ts';
import type { ChangeEvent } from '../../src/glossary/event.ts';
import type { Run } from '../../src/glossary/run.ts';
import { openToRead } from '../../src/store/open-to-read.ts';
import type { Store } from '../../src/store/store.ts';
import { noise } from '../detect/series.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { command, start } from '../helpers/supervisor.ts';
import { until } from '../helpers/until.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { anOwner, aRun, aStore, at, closing, reopen } from '../store/fixtures.ts';

failOnLeaks();

const YAML = `git: { enabled: false }
schedule: every 1s
modules:
  counter: { command: sh step.sh }
detection:
  modules: { counter: { judge: false, metrics: { rows: { judge: true } } } }
`;

/** Each run reports the next value of the series. */
const STEP = `echo x >> marks
printf '{"metric":"rows","value":%s}\\n' "$(sed -n "$(wc -l < marks)p" series)" >> "$WATCHKEEPER_METRICS"
`;

const QUIET = 45;
/** The level changes while supervisors are killed. */
const SERIES = [...noise(3, QUIET, 100, 1), ...noise(5, 40, 106, 1)];

const brief = (changes: readonly ChangeEvent[]): unknown[] =>
  changes.map(({ run, metric, kind, direction, since }) => ({ run, metric, kind, direction, since }));

test('whenever a supervisor is killed in the middle of a change, the log tells of it once', {
  skip: process.platform !== 'linux',
}, async t => {
  const workspace = temporaryWorkspace(t, {
    ...{ 'watchkeeper.yaml': YAML, 'step.sh': STEP },
    ...{ series: `${SERIES.join('\n')}\n`, marks: 'x\n'.repeat(QUIET) },
  });
  const settings = await detectionOf(workspace);
  quietPast(workspace, settings);
  for (const waitMs of [0, 60, 15]) {
    const before = marksIn(workspace);
    const supervisor = start(t, workspace.root);
    await until('two more runs have begun', () => marksIn(workspace) >= before + 2);
    await sleep(waitMs); // before it is recorded, while it is, or after
    supervisor.process.kill('SIGKILL');
    await supervisor.ended;
  }
  for (let more = 0; more < 2; more += 1) await command(t, workspace.root, ['once']);
  const { runs, changes } = historyOf(workspace);
  const expected = toldWithoutAnyStop(aStore(t).store, runs, settings);
  assert.ok(expected.length >= 1, `${expected.length} changes`);
  assert.deepEqual(brief(changes), brief(expected));
  const lines = readFileSync(workspace.path('data/anomalies.log'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    lines.map(line => JSON.parse(line)),
    changes,
  );
});

async function detectionOf({ root }: Workspace): Promise<DetectionSettings> {
  const loaded = await loadSettings(root);
  assert.ok(loaded.ok);
  return loaded.settings.detection;
}

/** Runs of the time before the first supervisor that is killed, recorded as one would have: real ones would take a minute. */
function quietPast(workspace: Workspace, settings: DetectionSettings): void {
  mkdirSync(workspace.path('data'));
  const store = reopen(workspace.path('data'));
  store.claim(anOwner());
  const detection = new Detection(store, null);
  SERIES.slice(0, QUIET).forEach((rows, index) => {
    const times = { id: `past-${index}`, startedAt: at(index), endedAt: at(index + 0.5) };
    record(store, detection, aRun({ ...times, module: 'counter', custom: { rows } }), settings);
  });
  store.release();
  store.close();
}

function historyOf(workspace: Workspace): { runs: Run[]; changes: ChangeEvent[] } {
  const store = closing(openToRead(workspace.path('data/watchkeeper.db')));
  return { runs: store.goodRuns('counter', 1_000), changes: store.changes(0, 1_000).reverse() };
}

/** The same runs, told of by one supervisor that was never stopped. */
function toldWithoutAnyStop(store: Store, runs: readonly Run[], settings: DetectionSettings): ChangeEvent[] {
  const detection = new Detection(store, null);
  for (const run of runs) record(store, detection, run, settings);
  return store.changes(0, 1_000).reverse();
}

function record(store: Store, detection: Detection, run: Run, settings: DetectionSettings): void {
  store.recordRun(run, { state: {}, events: [] }, detection.assess(run, [], settings).changes);
}

function marksIn(workspace: Workspace): number {
  const path = workspace.path('marks');
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').length : 0;
}
