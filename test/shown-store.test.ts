import assert from 'node:assert/strict';
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWorkspace } from '../src/workspace.ts';
import { workspaceToAsk } from './cli/asked.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { temporaryFolder } from './helpers/workspace.ts';
import { record, runtimes } from './questions/histories.ts';
import { anOwner, reopen, show } from './store/fixtures.ts';

failOnLeaks();

const now = (): { endMs: number } => ({ endMs: Date.now() });

test('a workspace that stays open answers from the store that stands there by now', async t => {
  const { store, root, data } = workspaceToAsk(t);
  const remove = (): void => {
    for (const side of ['', '-wal', '-shm']) rmSync(join(data, `watchkeeper.db${side}`), { force: true });
  };
  record(store, 'collector', runtimes([1, 2]), now());
  show(store, data);
  store.close();
  remove();
  using clone = await openWorkspace(root);
  const runs = (): number => clone.runs('collector').length;
  assert.equal(runs(), 2);
  const first = reopen(data);
  first.claim(anOwner());
  assert.equal(runs(), 2, 'a start that has not taken the history over yet');
  record(first, 'collector', runtimes([1, 2, 3]), now());
  assert.equal(runs(), 3);
  const pieces = clone.export({ format: 'jsonl' });
  await pieces.next();
  first.close();
  remove();
  assert.equal(runs(), 3, 'gone for a moment');
  const second = reopen(data);
  second.claim(anOwner());
  record(second, 'collector', runtimes([1, 2, 3, 4]), now());
  assert.equal(runs(), 4);
  assert.equal((await pieces.next()).done, true);
  clone.setBaseline({ module: 'collector', given: { runtimeSeconds: 2 } });
  assert.equal(clone.baselines().length, 1);
});

test('a workspace that was opened in the middle of a first start goes on with its store', async t => {
  const { store, data } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 2]), now());
  show(store, data);
  const root = temporaryFolder(t);
  const first = reopen(join(root, 'data')); // as it is before it takes the history over
  cpSync(join(data, 'performance.json'), join(root, 'data/performance.json'));
  using workspace = await openWorkspace(root);
  assert.equal(workspace.runs('collector').length, 2);
  first.claim(anOwner());
  record(first, 'collector', runtimes([1, 2, 3]), now());
  assert.equal(workspace.runs('collector').length, 3);
});

/** For the superuser no permission is an obstacle: then it is done as somebody else. */
async function asNobody<T>(folders: string[], work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  const nobody = 65_534;
  for (const folder of folders) {
    chownSync(folder, nobody, nobody);
    for (const name of readdirSync(folder)) chownSync(join(folder, name), nobody, nobody);
  }
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('where nothing can be written beside the store, an open workspace shows what others write to it', async t => {
  const { store, root, data } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 2]), now());
  store.close();
  chmodSync(data, 0o500);
  using workspace = await asNobody([root, data], () => openWorkspace(root));
  const runs = (): Promise<number> => asNobody([root, data], async () => workspace.runs('collector').length);
  assert.equal(await runs(), 2);
  chmodSync(data, 0o700);
  const other = reopen(data);
  other.claim(anOwner());
  record(other, 'collector', runtimes([1, 2, 3]), now());
  assert.equal(await runs(), 5);
});

test('a clone that stays open shows what newer files show', async t => {
  const { store, data } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 2]), now());
  show(store, data);
  const files = temporaryFolder(t);
  mkdirSync(join(files, 'data'));
  const pull = (): void => cpSync(join(data, 'performance.json'), join(files, 'data/performance.json'));
  pull();
  using clone = await openWorkspace(files);
  assert.equal(clone.runs('collector').length, 2);
  record(store, 'collector', runtimes([3]), now());
  show(store, data);
  pull();
  assert.equal(clone.runs('collector').length, 3);
});
