import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { deadSessions, isLeftBehind, openSession } from '../../src/trials/session.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

/** Temporary files of this process go into a folder of the test's own. */
function ownTemporary(t: TestContext): string {
  const [before, folder] = [process.env['TMPDIR'], temporaryFolder(t)];
  process.env['TMPDIR'] = folder;
  t.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  assert.equal(tmpdir(), folder);
  return folder;
}

/** As a killed process would have left it. */
function left(folder: string, name: string, owner: object | string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'owner.json'), typeof owner === 'string' ? owner : JSON.stringify(owner));
  return path;
}

const DEAD = { pid: 4_194_304, startTime: 1, bootId: 'x' };

test('a session has a folder of its own, noted as of this process, and is no dead one', t => {
  ownTemporary(t);
  const session = openSession('bench', null);
  assert.equal(statSync(session.folder).mode & 0o777, 0o700);
  assert.equal(JSON.parse(readFileSync(join(session.folder, 'owner.json'), 'utf8')).pid, process.pid);
  assert.deepEqual(deadSessions(null), []);
  assert.equal(isLeftBehind(session.folder, null), false);
  session.remove();
  assert.equal(existsSync(session.folder), false);
  session.remove(); // once more is no harm
});

test('where nothing can be written, no folder stays that nobody would ever sweep', t => {
  const folder = ownTemporary(t);
  const session = new URL('../../src/trials/session.ts', import.meta.url);
  const open = `import { openSession } from '${session}';
    try { openSession('bench', null) } catch (error) { console.log(error.code) }`;
  const limited = ['-c', 'ulimit -f 0; exec "$0" --input-type=module --eval "$1"', process.execPath, open];
  const { stdout } = spawnSync('sh', limited, { encoding: 'utf8' });
  assert.equal(stdout, 'file\n');
  assert.deepEqual(readdirSync(folder), []);
});

test('what a killed process has left is found, but nothing that is not plainly one of ours', t => {
  const folder = ownTemporary(t);
  const bench = left(folder, 'watchkeeper-bench-abc123', { ...DEAD, repository: null });
  const mine = left(folder, 'watchkeeper-bisect-abc123', { ...DEAD, repository: '/a/.git' });
  left(folder, 'watchkeeper-bisect-def456', { ...DEAD, repository: '/b/.git' });
  left(folder, 'watchkeeper-bisect-def457', '{"pid":');
  left(folder, 'watchkeeper-other-abc123', { ...DEAD, repository: null });
  left(folder, 'bench', { ...DEAD, repository: null });
  writeFileSync(join(folder, 'watchkeeper-bench-file00'), '');
  const found = (repository: string | null): string[] =>
    deadSessions(repository)
      .map(each => each.folder)
      .sort();
  assert.deepEqual(found(null), [bench]);
  assert.deepEqual(found('/a/.git'), [bench, mine]);
  for (const session of deadSessions('/a/.git')) session.remove();
  assert.deepEqual([existsSync(bench), existsSync(mine)], [false, false]);
});

test("a folder that is gone was left behind; one of another name is nobody's", t => {
  const folder = ownTemporary(t);
  assert.equal(isLeftBehind(join(folder, 'watchkeeper-bisect-abc123'), '/a/.git'), true);
  assert.equal(isLeftBehind(join(folder, 'own'), '/a/.git'), false);
});
