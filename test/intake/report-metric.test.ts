import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { reportMetric } from '../../src/intake/report-metric.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { aClient, anIntake } from './support.ts';

failOnLeaks();

test('a report is taken when the call is over, also where the path is too long for a socket', async t => {
  const roots = [temporaryFolder(t)];
  if (process.platform === 'linux') roots.push(join(temporaryFolder(t), 'a'.repeat(150)));
  for (const root of roots) {
    const { samples } = await anIntake(t, { path: join(root, 'data', 'metrics.sock') });
    const time = Date.now() - 1_000;
    await reportMetric(root, {
      metric: 'rows',
      value: 7,
      source: 'loader',
      labels: { table: 'a\u00e4' },
      time,
    });
    await reportMetric(root, { metric: 'rows', value: 8 });
    const [first, second] = samples;
    assert.deepEqual(first, {
      ...{ timeMs: time, source: 'loader', metric: 'rows', labels: { table: 'a\u00e4' }, value: 7 },
    });
    assert.deepEqual([second?.source, second?.value], ['custom', 8]);
  }
});

test('a report of a wrong form is refused before anybody is asked', async t => {
  const root = temporaryFolder(t);
  for (const [report, message] of [
    [{ metric: 'a b', value: 1 }, /a metric is named by/],
    [{ metric: 'a', value: Number.NaN }, /`value` is no finite number/],
    [{ metric: 'a', value: 1, source: 'system' }, /a source is named/],
    [{ metric: 'a', value: 1, time: 5 }, /`time` is/],
    [{ metric: 'a', value: 1, labels: manyLabels() }, /more than 8192 bytes/],
  ] as const) {
    await assert.rejects(reportMetric(root, report), { code: 'usage', message });
  }
});

/** As many and as long as they may be, of signs that take three bytes each. */
function manyLabels(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`l${index}`, '\u20ac'.repeat(200)]));
}

test('where no supervisor runs that is said, with what to do', async t => {
  const root = temporaryFolder(t);
  const refused = {
    code: 'file',
    message: /could not be reported to \(\w+\): no supervisor is running there/,
  };
  await assert.rejects(reportMetric(root, { metric: 'a', value: 1 }), refused);
  mkdirSync(join(root, 'data'));
  await assert.rejects(reportMetric(root, { metric: 'a', value: 1 }), refused);
  writeFileSync(join(root, 'data', 'metrics.sock'), '');
  await assert.rejects(reportMetric(root, { metric: 'a', value: 1 }), refused);
});

test('a hundred reports at once are taken in their order, also where few connections may be open', async t => {
  const root = temporaryFolder(t);
  const path = join(root, 'data', 'metrics.sock');
  const { samples } = await anIntake(t, { path, limits: { connections: 1 } });
  const values = Array.from({ length: 100 }, (_, index) => index);
  await Promise.all(values.map(value => reportMetric(root, { metric: 'a', value })));
  assert.deepEqual(
    samples.map(({ value }) => value),
    values,
  );
});

test('where no supervisor takes one of many at once, all are refused', async t => {
  const root = temporaryFolder(t);
  const asked = [1, 2, 3].map(value => reportMetric(root, { metric: 'a', value }));
  const answers = await Promise.allSettled(asked);
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
});

test('a supervisor with too many connections is asked again, until there is room', async t => {
  const root = temporaryFolder(t);
  const path = join(root, 'data', 'metrics.sock');
  const { samples, warnings } = await anIntake(t, { path, limits: { connections: 1 } });
  const client = await aClient(path);
  const reported = reportMetric(root, { metric: 'a', value: 1 });
  await until('it was turned away', () => warnings.length > 0);
  client.destroy();
  await reported;
  assert.equal(samples.length, 1);

  await aClient(path);
  await assert.rejects(reportMetric(root, { metric: 'a', value: 2 }), {
    code: 'file',
    message: /too many programs report at once: try again/,
  });
});
