import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ReportData } from '../../src/report/data.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { DAY_MS, HOUR_MS, noisy, record, runtimes } from '../questions/histories.ts';
import { show } from '../store/fixtures.ts';
import { answered, documentOf, refused, workspaceToAsk } from './asked.ts';

failOnLeaks();

test('a file is what its ending says; to the terminal it is Markdown', async t => {
  const { store, root, ask } = workspaceToAsk(t);
  record(store, 'collector', runtimes([...noisy(1, 60, 1), ...noisy(2, 20, 1.3)]), { endMs: Date.now() });
  const written = async (name: string, ...argv: string[]) => {
    const path = join(root, name);
    const { code, stdout, stderr } = await ask('report', '--output', path, ...argv);
    assert.deepEqual([code, stdout, stderr], [0, '', `${path} written\n`]);
    return readFileSync(path, 'utf8');
  };
  assert.match(await written('week.html'), /^<!doctype html>/i);
  assert.match(await written('week.HTM'), /^<!doctype html>/i);
  assert.match(await written('week.md'), /^# watchkeeper-test/);
  assert.equal(JSON.parse(await written('week.json')).version, 1);
  assert.match(await written('week.txt', '--format', 'md'), /^# /);
  const markdown = await answered(ask('report'));
  assert.match(markdown, /\*\*collector\*\* Runtime is worse: \+\d\d\.\d %/);
  assert.equal(
    await answered(ask('report', '--output', '-', '--since', '7d')).then(text => text.slice(0, 5)),
    markdown.slice(0, 5),
  );
});

test('--json is the data, of the time that was asked for, in the zone of the workspace', async t => {
  const yaml =
    'timezone: Asia/Tokyo\nmodules: { collector: { command: "true", schedule: every 5m, timeout: 1m } }\n';
  const { store, ask } = workspaceToAsk(t, yaml);
  record(store, 'collector', runtimes([1, 2]), { endMs: Date.now() - 2 * DAY_MS });
  record(store, 'collector', runtimes([3]), { endMs: Date.now() });
  record(store, 'gone', runtimes([4]), { endMs: Date.now() });
  const data = documentOf<ReportData>(await ask('report', '--json', '--since', '1d'));
  assert.deepEqual([data.timezone, data.toMs - data.fromMs, data.summary.runs], ['Asia/Tokyo', DAY_MS, 2]);
  assert.deepEqual(
    data.modules.map(({ name, schedule }) => [name, schedule]),
    [
      ['collector', 'every 5m'],
      ['gone', null],
    ],
  );
  assert.deepEqual(data.modules[0]?.metrics[0]?.limit, { value: 60, name: 'timeout' });
});

test('a fresh clone, and a workspace in which nothing has succeeded, have a report', async t => {
  const { store, data, ask } = workspaceToAsk(t);
  record(store, 'collector', [{ outcome: 'error', runtimeSeconds: 1, reason: '\u001b[31mexit code 1' }], {
    endMs: Date.now(),
  });
  assert.match(await answered(ask('report')), /0 % of them succeeded/);
  show(store, data);
  store.close();
  for (const side of ['', '-wal', '-shm']) rmSync(join(data, `watchkeeper.db${side}`), { force: true });
  const markdown = await answered(ask('report'));
  assert.match(markdown, /^1 runs? of 1 modules?/m);
  assert.ok(!markdown.includes('\u001b'), 'no escape code gets to the terminal');
});

test('what makes no sense is refused, and no file is left', async t => {
  const { store, root, ask } = workspaceToAsk(t);
  record(store, 'collector', [{}], { endMs: Date.now() - HOUR_MS });
  const report = (...argv: string[]) => ask('report', ...argv);
  await refused(
    report('--output', join(root, 'week.pdf')),
    /week\.pdf' does not say what it is to be: end it in \.html, \.md or \.json/,
  );
  await refused(report('--format', 'pdf'), /--format takes html, md, json, not 'pdf'/);
  await refused(report('--format', '__proto__'), /--format takes/);
  await refused(report('--since', '2999-01-01'), /a report begins before now/);
  await refused(report('--since', '0', '--output', join(root, 'now.html')), /a report begins before now/);
  await refused(report('--output', join(root, 'data', 'week.html')), /among Watchkeeper's own files/);
  await refused(report('--output', join(root, 'none', 'week.html')), /could not be written/, 4);
  for (const name of ['week.pdf', 'now.html', 'data/week.html'])
    assert.equal(existsSync(join(root, name)), false);
});

test('a configuration that cannot be read, or is not there, is told with its problems', async t => {
  const { store, root, ask } = workspaceToAsk(t);
  record(store, 'collector', [{}], { endMs: Date.now() });
  writeFileSync(join(root, 'watchkeeper.yaml'), 'modules: { a: {} }\n');
  await refused(ask('report'), /watchkeeper\.yaml:1.*command/s);
  rmSync(join(root, 'watchkeeper.yaml'));
  await refused(ask('report'), /watchkeeper\.yaml/);
});
