import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { LogEvent } from '../../src/glossary/event.ts';
import type { RegressionAnswer } from '../../src/questions/check-regression.ts';
import type { ReportData } from '../../src/report/data.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { iterations, start } from '../helpers/supervisor.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';
import { answered, documentOf } from './asked.ts';
import { call } from './called.ts';

failOnLeaks();

/** A module that reports what the file `load` says, under a name that says that more is worse. */
const YAML = `git: { enabled: false }
modules:
  worker:
    command: sh -c 'printf "{\\"metric\\":\\"errors\\",\\"value\\":%s}\\n" "$(cat load)" >> "$WATCHKEEPER_METRICS"'
    schedule: every 1h
detection:
  baseline: fixed
  modules: { worker: { judge: false, metrics: { errors: { judge: true } } } }
`;

async function runsWith({ root, write }: Workspace, ...loads: number[]): Promise<void> {
  for (const load of loads) {
    write('load', String(load));
    const { code, stderr } = await call('trigger', 'worker', '--wait', '--root', root);
    assert.equal(code, 0, stderr);
  }
}

function anomaliesOf(workspace: Workspace): LogEvent[] {
  const path = workspace.path('data/anomalies.log');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
}

test('a baseline that is set under a running supervisor is what it judges by, and a shift is found against it', async t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML, load: '100' });
  const ask = (...argv: string[]) => call(...argv, '--root', workspace.root);
  const supervisor = start(t, workspace.root);
  await iterations(supervisor, 1);
  await runsWith(workspace, 101, 99, 102, 98);
  assert.match(
    await answered(ask('set-baseline', 'worker', '--metric', 'errors')),
    /\nworker\.errors .* 100 .* 5 run\(s\) /,
  );

  await runsWith(workspace, 120, 121, 119, 122);
  assert.deepEqual(anomaliesOf(workspace), [], 'within the threshold of 25 %');
  const checked = await ask('check-regression', '--metric', 'errors', '--json');
  assert.equal(checked.code, 1);
  const [check] = documentOf<RegressionAnswer>(checked).checks;
  assert.deepEqual([check?.verdict, check?.reference.n, check?.recent.n], ['worse', 5, 4]);
  assert.match(check?.against ?? '', /^the baseline of /);

  await runsWith(workspace, 150, 100);
  const events = anomaliesOf(workspace);
  assert.deepEqual(
    events.map(({ event, baseline }) => [event, baseline]),
    [
      ['anomaly', 100],
      ['recovered', 100],
    ],
  );
  assert.equal(events[0]?.message, 'worker: errors 150 is 50.0% above its fixed baseline of 100');

  await answered(ask('set-baseline', 'worker', '--value', 'errors=150'));
  await runsWith(workspace, 100);
  assert.match(
    anomaliesOf(workspace).at(-1)?.message ?? '',
    /errors 100 is 33\.3% below its fixed baseline of 150/,
  );
  const data = documentOf<ReportData>(await ask('report', '--json'));
  assert.deepEqual([data.summary.runs, data.summary.openIncidents], [12, 1]);
  const shown = data.modules[0]?.metrics.find(({ metric }) => metric === 'errors');
  assert.deepEqual([shown?.baseline?.low, shown?.anomalies.length], [[150], 2]);
  assert.equal((await supervisor.stop()).code, 0);
});
