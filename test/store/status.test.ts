import assert from 'node:assert/strict';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ServiceState } from '../../src/glossary/service.ts';
import type { Stage } from '../../src/glossary/settings.ts';
import { averagesOf } from '../../src/store/averages.ts';
import { hasFullBaseline } from '../../src/store/baselines.ts';
import { buildStatus, roadmapStage, type StatusFacts, StatusFile } from '../../src/store/status.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { aJudgement, anEvent, aRun, aStore, at } from './fixtures.ts';
import { assertValid } from './schemas.ts';

failOnLeaks();

const HOUR = 3_600_000;
const STAGES: Stage[] = [
  { name: 'warm-up', until: 'baseline' },
  { name: 'baseline', until: 24 * HOUR },
  { name: '24-hour operation', until: 7 * 24 * HOUR },
  { name: 'long-term stability', until: null },
];

const FEED: ServiceState = {
  ...{ name: 'market-feed', status: 'healthy', pid: 4711, restartCount: 2, startedAt: at(0) },
  lastProblem: null,
};

function facts(part: Partial<StatusFacts> = {}): StatusFacts {
  return {
    ...{ updatedAt: at(9), message: 'Performance OK', roadmapStage: 'warm-up', iterations: 4 },
    ...{ lastRun: aRun(), moduleRestarts: 3, averages: { collector: averagesOf([aRun()]) } },
    ...{ openIncidents: [], anomaliesLastHour: 0, services: [FEED] },
    ...{ supervisor: { pid: 42, startedAt: at(0), version: '0.1.0' } },
    ...part,
  };
}

test('status.json has the shape of the format', t => {
  const { store } = aStore(t);
  store.recordRun(aRun(), aJudgement([anEvent()], 'I1'));
  const data = temporaryFolder(t);
  const openIncidents = store.incidents({ open: true });
  const status = buildStatus(facts({ openIncidents, anomaliesLastHour: 1 }));
  assert.deepEqual(new StatusFile(store, data).write(status), []);
  const value = JSON.parse(readFileSync(join(data, 'status.json'), 'utf8'));
  assertValid('status', value);
  assert.deepEqual(Object.keys(value), [
    ...['version', 'updatedAt', 'message', 'roadmapStage', 'iterations', 'lastRun', 'restartCount'],
    ...['performance', 'anomalies', 'services', 'supervisor'],
  ]);
  assert.deepEqual(Object.keys(value.lastRun), ['module', 'outcome', 'endedAt']);
  assert.equal(value.restartCount, 5);
  assert.equal(value.performance.modulesTracked, 1);
  assert.equal(value.anomalies.open, 1);
  assert.equal(value.anomalies.list[0].id, 'I1');
  assert.equal(value.services['market-feed'].status, 'healthy');
});

test('a status.json that was cut off is set aside, and said', t => {
  const data = temporaryFolder(t);
  const file = new StatusFile(aStore(t).store, data);
  file.write(buildStatus(facts()));
  truncateSync(join(data, 'status.json'), 100);
  const [message = ''] = file.write(buildStatus(facts()));
  assert.match(message, /^status\.json was damaged.*: set aside as .*status\.json\.damaged-/);
  assert.equal(readFileSync(message.replace(/.* as /, ''), 'utf8').length, 100);
  assert.deepEqual(file.write(buildStatus(facts())), []);
});

test('a status of a workspace in which nothing has run is valid too', () => {
  const nothing = { lastRun: null, averages: {}, services: [], supervisor: null, roadmapStage: null };
  assertValid('status', buildStatus(facts(nothing)));
});

test('the stage follows the baselines first, then the time of operation', () => {
  assert.equal(roadmapStage(STAGES, false, 30 * 24 * HOUR), 'warm-up');
  assert.equal(roadmapStage(STAGES, true, 0), 'baseline');
  assert.equal(roadmapStage(STAGES, true, 24 * HOUR - 1), 'baseline');
  assert.equal(roadmapStage(STAGES, true, 24 * HOUR), '24-hour operation');
  assert.equal(roadmapStage(STAGES, true, 7 * 24 * HOUR), 'long-term stability');
});

test('a workspace with stages of its own stays in the last one; without any it has none', () => {
  const own: Stage[] = [{ name: 'trial', until: HOUR }];
  assert.equal(roadmapStage(own, true, 0), 'trial');
  assert.equal(roadmapStage(own, true, 5 * HOUR), 'trial');
  assert.equal(roadmapStage([], true, 0), null);
});

test('a module has a full baseline when one of its metrics has', () => {
  const five = (): number => 5;
  assert.equal(hasFullBaseline({}, five), false);
  assert.equal(hasFullBaseline({ runtimeSeconds: { recent: [1, 1, 1, 1], incident: null } }, five), false);
  const { state } = aJudgement([], null);
  assert.equal(hasFullBaseline({ ...state, rare: { recent: [1], incident: null } }, five), true);
  assert.equal(hasFullBaseline(aJudgement([anEvent()], 'I1').state, five), true, 'an incident needs one');
});
