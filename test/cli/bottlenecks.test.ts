import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BottlenecksAnswer } from '../../src/questions/bottlenecks.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { DAY_MS, MINUTE_MS, record, runtimes } from '../questions/histories.ts';
import { show } from '../store/fixtures.ts';
import { answered, documentOf, refused, workspaceToAsk } from './asked.ts';

failOnLeaks();

test('what costs most and fails most is told of the runs of the last minutes as well', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 1], { cpuSeconds: 4 }), { endMs: Date.now(), everyMs: MINUTE_MS });
  record(
    store,
    'other',
    [
      { runtimeSeconds: 30, cpuSeconds: 1 },
      { outcome: 'timeout', runtimeSeconds: 68, cpuSeconds: 1 },
    ],
    { endMs: Date.now(), everyMs: MINUTE_MS },
  );
  const output = await answered(ask('bottlenecks', '--since', '5m'));
  assert.match(
    output,
    /^since \d{4}-\d\d-\d\dT\d\d:\d\dZ\n\nmodule +runs +runtime +CPU +failed +lost in failures +deviating runs\n/,
  );
  assert.match(
    output,
    /\nother +2 +1 min 38 s \(98 %\) +2\.00 s \(20 %\) +1 \(100 %\) +1 min 8 s \(100 %\) +-\ncollector +2 +2\.00 s \(2 %\) +8\.00 s \(80 %\) +- +- +-\n/,
  );
  assert.match(output, /\n\ncosts most time: other\ncosts most CPU: collector\nfails most: other\n$/);
});

test('--json has the figures and the rankings', async t => {
  const { store, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1]), { endMs: Date.now() - 2 * DAY_MS });
  const asked = async (...argv: string[]) =>
    documentOf<BottlenecksAnswer>(await ask('bottlenecks', '--json', ...argv));
  const answer = await asked();
  assert.ok(Math.abs(Date.parse(answer.since) - (Date.now() - 7 * DAY_MS)) < MINUTE_MS);
  assert.deepEqual(answer.runtimeSeconds, [{ module: 'collector', amount: 1, share: 1 }]);
  assert.deepEqual(
    answer.modules.map(({ module, runs, failures }) => [module, runs, failures]),
    [['collector', 1, 0]],
  );
  assert.deepEqual((await asked('--since', '1d')).modules, []);
  const sinceDay = new Date(Date.now() - 3 * DAY_MS).toISOString().slice(0, 10);
  assert.equal((await asked('--since', sinceDay)).since, `${sinceDay}T00:00:00.000Z`);
});

test('without runs it says since when', async t => {
  const { ask } = workspaceToAsk(t);
  assert.match(await answered(ask('bottlenecks')), /^no runs since \d{4}-\d\d-\d\dT\d\d:\d\dZ\n$/);
  await refused(ask('bottlenecks', '--since', 'monday'), /--since takes a duration/);
  await refused(ask('bottlenecks', '--since', '999999999999d'), /--since takes a duration/);
});

test('a fresh clone tells what performance.json shows', async t => {
  const { store, data, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 2, 3]), { endMs: Date.now() });
  show(store, data);
  store.close();
  for (const side of ['', '-wal', '-shm']) rmSync(join(data, `watchkeeper.db${side}`), { force: true });
  const { modules } = documentOf<BottlenecksAnswer>(await ask('bottlenecks', '--json'));
  assert.deepEqual(
    modules.map(({ module, runs, runtimeSeconds }) => [module, runs, runtimeSeconds]),
    [['collector', 3, 6]],
  );
});
