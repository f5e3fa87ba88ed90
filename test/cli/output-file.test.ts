import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openOutputFile } from '../../src/cli/output-file.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

failOnLeaks();

const MODULE = join(import.meta.dirname, '../../src/cli/output-file.ts');

function aFile(t: TestContext): { root: string; path: string } {
  const root = temporaryFolder(t);
  return { root, path: join(root, 'out.json') };
}

test('nothing stands under its name before it is finished', t => {
  const { root, path } = aFile(t);
  const file = openOutputFile(path, root);
  file.write('text, ');
  file.write(Buffer.from('bytes'));
  assert.equal(existsSync(path), false);
  assert.match(readdirSync(root).join(), /^\.out\.json\.[0-9a-f]{16}\.tmp$/);
  file.finish();
  file.abandon();
  assert.deepEqual(readdirSync(root), ['out.json']);
  assert.equal(readFileSync(path, 'utf8'), 'text, bytes');
});

test('what is abandoned was never there, and no signal is waited for any more', t => {
  const { root, path } = aFile(t);
  const listeners = process.listenerCount('SIGTERM');
  const file = openOutputFile(path, root);
  file.write('text');
  file.abandon();
  file.abandon();
  assert.deepEqual(readdirSync(root), []);
  assert.equal(process.listenerCount('SIGTERM'), listeners);
});

test('a full disk is told in words', { skip: existsSync('/dev/full') ? false : 'no /dev/full here' }, t => {
  const { root } = aFile(t);
  const file = openOutputFile('/dev/full', root);
  assert.throws(() => file.write('text'), /\/dev\/full could not be written \(ENOSPC\): /);
  file.abandon();
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} in the middle leaves the old file and nothing beside it`, async t => {
    const { root, path } = aFile(t);
    writeFileSync(path, 'before');
    const script = `
      const { openOutputFile } = await import(${JSON.stringify(MODULE)});
      openOutputFile(${JSON.stringify(path)}, ${JSON.stringify(root)}).write('half');
      process.stdout.write('ready');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    assert.equal(readdirSync(root).length, 2);
    child.kill(signal);
    const [, endedBy] = await once(child, 'close');
    assert.equal(endedBy, signal);
    assert.deepEqual(readdirSync(root), ['out.json']);
    assert.equal(readFileSync(path, 'utf8'), 'before');
  });
}
