import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parquetReadObjects } from 'hyparquet';
import type { Run } from '../../src/glossary/run.ts';
import { readExposition } from '../export/exposition.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { show } from '../store/fixtures.ts';
import { call } from './called.ts';
import { exported, history, YAML } from './export-history.ts';

failOnLeaks();

async function ids(root: string, ...argv: string[]): Promise<string[]> {
  const runs: Run[] = JSON.parse(await exported(root, ...argv));
  return runs.map(({ id }) => id);
}

test('all runs of the store come as one JSON document, oldest first', async t => {
  const { root, runs } = history(t, 150);
  assert.deepEqual(JSON.parse(await exported(root)), runs);
  assert.equal(await exported(root, '--json'), await exported(root));
  assert.equal(await exported(root, '--output', '-'), await exported(root));
});

test('only runs of a time, of a module', async t => {
  const { root, runs } = history(t);
  const expected = (part: (run: Run, index: number) => boolean): string[] =>
    runs.filter(part).map(({ id }) => id);
  assert.deepEqual(
    await ids(root, '--since', '2h'),
    expected((_, index) => index >= 4),
  );
  assert.deepEqual(
    await ids(root, '--until', '2h'),
    expected((_, index) => index < 4),
  );
  assert.deepEqual(
    await ids(root, '--since', '4h', '--until', '2h'),
    expected((_, index) => index === 2 || index === 3),
  );
  assert.deepEqual(
    await ids(root, '--module', 'other'),
    expected((_, index) => index % 2 === 1),
  );
  const third = runs[2]?.startedAt ?? '';
  assert.deepEqual(
    await ids(root, '--since', third),
    expected((_, index) => index >= 2),
  );
  assert.deepEqual(
    await ids(root, '--since', '1999-12-31'),
    expected(() => true),
  );
  assert.deepEqual(await ids(root, '--since', '0'), []);
});

test('the ending of the file says the format, unless it is named', async t => {
  const { root, runs } = history(t);
  const files = {
    'a.json': '[',
    'a.jsonl': '{',
    'a.ndjson': '{',
    'a.CSV': 'id,module,',
    'a.parquet': 'PAR1',
  };
  const all = { ...files, 'a.prom': '# HELP', 'a.txt': '[' };
  for (const [name, begins] of Object.entries(all)) {
    assert.equal(await exported(root, '--output', join(root, name)), '');
    assert.ok(readFileSync(join(root, name), 'latin1').startsWith(begins), name);
  }
  await exported(root, '--output', join(root, 'b.json'), '--format', 'csv');
  assert.ok(readFileSync(join(root, 'b.json'), 'utf8').startsWith('id,module,'));
  const bytes = readFileSync(join(root, 'a.parquet'));
  const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
  assert.deepEqual(
    rows.map(({ id }) => id),
    runs.map(({ id }) => id),
  );
});

test('how things stand, for Prometheus', async t => {
  const { root } = history(t);
  const families = readExposition(await exported(root, '--format', 'prometheus'));
  const modules = (name: string): unknown[] =>
    families.get(name)?.samples.map(({ labels }) => labels['module']) ?? [];
  assert.deepEqual(modules('watchkeeper_run_runtime_seconds'), ['collector', 'other']);
  assert.deepEqual(modules('watchkeeper_incidents_open'), ['collector', 'other']);
  const since = readExposition(
    await exported(root, '--format', 'prometheus', '--since', '1h', '--module', 'collector'),
  );
  assert.equal(since.get('watchkeeper_run_runtime_seconds'), undefined);
  assert.deepEqual(since.get('watchkeeper_incidents_open')?.samples, [
    { labels: { module: 'collector' }, value: 0 },
  ]);
});

test('a fresh clone shows what performance.json has', async t => {
  const { root, store, runs } = history(t);
  show(store, join(root, 'data'));
  const clone = temporaryFolder(t);
  mkdirSync(join(clone, 'data'));
  writeFileSync(join(clone, 'data/performance.json'), readFileSync(join(root, 'data/performance.json')));
  assert.deepEqual((await ids(clone)).sort(), runs.map(({ id }) => id).sort());
});

test('a workspace in which nothing has run gives an empty document of each format', async t => {
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'watchkeeper.yaml'), YAML);
  assert.equal(await exported(root), '[]\n');
  assert.equal(await exported(root, '--format', 'jsonl'), '');
  assert.match(await exported(root, '--format', 'csv'), /^id,module,[^\n]*\r\n$/);
  assert.equal(await exported(root, '--format', 'prometheus', '--module', 'other'), '');
  await exported(root, '--output', join(root, 'a.parquet'));
  const bytes = readFileSync(join(root, 'a.parquet'));
  assert.deepEqual(await parquetReadObjects({ file: new Uint8Array(bytes).buffer }), []);
  assert.deepEqual(readdirSync(root).sort(), ['a.parquet', 'watchkeeper.yaml']);
});

test('a store that was made and never written to is empty as well', async t => {
  const root = temporaryFolder(t);
  mkdirSync(join(root, 'data'));
  writeFileSync(join(root, 'data/watchkeeper.db'), '');
  writeFileSync(join(root, 'watchkeeper.yaml'), YAML);
  assert.equal(await exported(root), '[]\n');
});

test('a folder that is no workspace is an error, and no file comes of it', async t => {
  const root = temporaryFolder(t);
  const { code, stdout, stderr } = await call('export', '--root', root, '--output', join(root, 'a.json'));
  assert.deepEqual([code, stdout, readdirSync(root)], [4, '', []]);
  assert.match(
    stderr,
    /holds no history, and there is no watchkeeper\.yaml beside it: name .* by --root, or run /,
  );
});

test('what cannot be used is refused in words', async t => {
  const { root } = history(t);
  for (const [argv, code, message] of [
    [['--format', 'parket'], 2, /no format 'parket' \(did you mean `parquet`\?\): the formats are json, /],
    [['--format', 'csv', '--json'], 2, /--json is --format json/],
    [['--since', 'soon'], 2, /--since takes a duration .*, a day .*, or a time .*, not 'soon'/],
    [['--until', '2026-02-30'], 2, /--until takes/],
    [['--since', '2026-11-01T12:00'], 2, /--since takes/],
    [['--since', '1h', '--until', '2h'], 2, /end must be later than the beginning/],
    [['--format', 'prometheus', '--until', '1h'], 2, /how things stand now: leave the end out/],
    [['--module', 'otter'], 2, /no module 'otter'/],
    [['--output', ''], 2, /--output is empty/],
    [['--output', root], 2, /is a folder/],
    [
      ['--output', join(root, 'none/a.json')],
      4,
      /could not be written \(ENOENT\): there is no folder .*none: make it/,
    ],
    [['one'], 2, /too many arguments/],
  ] as const) {
    const ended = await call('export', '--root', root, ...argv);
    assert.deepEqual([ended.code, ended.stdout], [code, ''], argv.join(' '));
    assert.match(ended.stderr, message);
  }
});
