import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { LogEvent } from '../../src/glossary/event.ts';
import { iterate } from '../helpers/iterate.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryWorkspace } from '../helpers/workspace.ts';
import { assertValid } from '../store/schemas.ts';

failOnLeaks();

/** Reports what the line of the module's series says for this iteration, or nothing (`-`), and fails where it says so. */
const STEP = `set -- $(sed -n "\${WATCHKEEPER_ITERATION}p" "series/$WATCHKEEPER_MODULE")
test "$1" = - || printf '{"metric":"%s","value":%s}\\n' "\${METRIC:-rows}" "$1" >> "$WATCHKEEPER_METRICS"
exit "\${2:-0}"
`;

const JUDGED = 'judge: false, metrics: { rows: { judge: true } }';

/**
 * One module a series, one iteration a value: all of them in the same few iterations. Each has only the metric that it
 * reports judged. `rules`: its settings below `detection.modules`.
 */
const SERIES: Record<string, { values: string; rules?: string; env?: string; events: string[] }> = {
  'recovers-in-time': {
    values: '1 1 1 1 1 2 2 1 2',
    events: ['6 anomaly 2/1 0', '7 anomaly 2/1 1', '8 recovered 1/1 2', '9 anomaly 2/1 0'],
  },
  'recovers-at-last': {
    values: '1 1 1 1 1 0.5 0.5 0.5 1',
    events: ['6 anomaly 0.5/1 0', '7 anomaly 0.5/1 1', '8 anomaly 0.5/1 2', '9 recovered 1/1 3'],
  },
  stays: {
    values: '1 1 1 1 1 2 2 2 2 2 4',
    events: [
      ...['6 anomaly 2/1 0', '7 anomaly 2/1 1', '8 anomaly 2/1 2', '9 anomaly 2/1 3', '9 persisted 2/1 3'],
      '11 anomaly 4/2 0',
    ],
  },
  'on-the-edge': { values: '1 1 1 1 1 1.25 1 1 1 1.05 1.06', events: [] },
  'from-zero': {
    values: '0 0 0 0 0 4 0 0 0 0 6',
    rules: 'judge: false, floors: { rows: 5 }, metrics: { rows: { judge: true } }',
    events: ['11 anomaly 6/0.8 0'],
  },
  'zero-alone': { values: '0 0 0 0 0 0.001 0', events: ['6 anomaly 0.001/0 0', '7 recovered 0/0 1'] },
  'fails-now-and-then': {
    values: '1 1 1 1 1 9,1 2 9,1 1 9,1 1',
    events: ['7 anomaly 2/1 0', '9 recovered 1/1 1'],
  },
  'reports-now-and-then': {
    values: '1 - 1 1 - 1 1 - 2 - 1',
    events: ['9 anomaly 2/1 0', '11 recovered 1/1 1'],
  },
  'its-own-rule': {
    values: '1 1 1.2 1.2 1.2 1.2',
    rules: 'judge: false, threshold: 10, window: 2, recoveryRuns: 1, metrics: { rows: { judge: true } }',
    events: ['3 anomaly 1.2/1 0', '4 anomaly 1.2/1 1', '4 persisted 1.2/1 1'],
  },
  'rule-of-a-metric': {
    values: '1 1 1 1 1 1.5 1 1 1 1 2',
    rules: 'judge: false, threshold: 10, metrics: { rows: { judge: true, threshold: 50, floor: 0.4 } }',
    events: ['11 anomaly 2/1.1 0'],
  },
  latency: {
    values: '0.01 0.01 0.01 0.01 0.01 0.029 0.05',
    rules: 'judge: false, metrics: { apiLatencySeconds: { judge: true } }',
    env: ', env: { METRIC: apiLatencySeconds }',
    events: ['7 anomaly 0.05/0.0138 0'],
  },
};

const names = Object.keys(SERIES);
const ITERATIONS = 11;

const YAML = `git: { enabled: false }
modules:
${names.map(name => `  ${name}: { command: sh step.sh${SERIES[name]?.env ?? ''} }`).join('\n')}
detection:
  modules:
${names.map(name => `    ${name}: { ${SERIES[name]?.rules ?? JUDGED} }`).join('\n')}
`;

async function played(t: TestContext): Promise<{ log: string; events: LogEvent[]; modules: unknown }> {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, 'step.sh': STEP });
  for (const [name, { values }] of Object.entries(SERIES)) {
    const lines = values.split(' ').map(value => value.replace(',', ' '));
    const rest = Array<string>(ITERATIONS - lines.length).fill('-');
    workspace.write(`series/${name}`, `${[...lines, ...rest].join('\n')}\n`);
  }
  let before = '';
  const readOn = (): void => {
    const log = readFileSync(workspace.path('data/anomalies.log'), 'utf8');
    assert.ok(log.startsWith(before), 'the log is only ever appended to');
    before = log;
  };
  const numbers = Array.from({ length: ITERATIONS }, (_, index) => index + 1);
  await iterate(t, workspace.root, numbers, number => number > 1 && readOn());
  readOn();
  const { modules } = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8'));
  const lines = before.trimEnd().split('\n');
  return { log: before, events: lines.map(line => JSON.parse(line)), modules };
}

test('each series of values gets the verdicts of the rule, and the log says all of them', async t => {
  const { log, events, modules } = await played(t);
  for (const [name, series] of Object.entries(SERIES)) {
    const verdicts = events
      .filter(event => event.module === name && event.event !== 'change')
      .map(
        ({ iteration, event, value, baseline, runsOpen }) =>
          `${iteration} ${event} ${value}/${baseline} ${runsOpen}`,
      );
    assert.deepEqual(verdicts, series.events, name);
  }
  for (const event of events) {
    assertValid('anomalies', event);
    assert.deepEqual(Object.keys(event), [
      ...['time', 'event', 'message', 'module', 'metric', 'value', 'baseline', 'deviationPercent'],
      ...['thresholdPercent', 'direction', 'run', 'iteration', 'incident', 'runsOpen'],
      ...['confidence', 'kind', 'severity', 'votes', 'since'],
    ]);
    assert.equal(event.deviationPercent === null, event.baseline === 0);
    const runs = (modules as Record<string, { runs: { id: string; endedAt: string }[] }>)[event.module]?.runs;
    assert.equal(runs?.find(({ id }) => id === event.run)?.endedAt, event.time);
  }
  assert.equal(log.split('\n').length, events.length + 1);
  const incidents = new Map<string, string[]>();
  for (const { module, incident } of events.filter(each => each.event !== 'change'))
    incidents.set(module, [...new Set([...(incidents.get(module) ?? []), incident])]);
  assert.equal(incidents.get('recovers-in-time')?.length, 2);
  assert.equal(incidents.get('stays')?.length, 2);
  assert.equal(incidents.get('recovers-at-last')?.length, 1);
  const first = (name: string) => events.find(event => event.module === name && event.event !== 'change');
  assert.equal(
    first('recovers-at-last')?.message,
    'recovers-at-last: rows 0.5 is 50.0% below its 5-run average of 1',
  );
  assert.equal(first('zero-alone')?.message, 'zero-alone: rows 0.001 is above its 5-run average of 0');
  assert.equal(
    first('latency')?.message,
    'latency: API latency 0.05 s is 262.3% above its 5-run average of 0.0138 s',
  );
  assert.deepEqual([first('its-own-rule')?.thresholdPercent, first('stays')?.thresholdPercent], [10, 25]);
});
