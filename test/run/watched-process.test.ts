import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { WatchedProcess } from '../../src/run/watched-process.ts';
import { failOnLeaks } from '../helpers/leaks.ts';

failOnLeaks();

const skip = process.platform === 'linux' ? false : 'it reads /proc';

test('a forked copy that ends while it is looked at holds nothing, and not its parent’s memory once more', {
  skip,
}, async t => {
  const child = spawn('sleep', ['600']);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  const watched = WatchedProcess.open(child.pid ?? 0, () => true, 0);
  assert.ok(watched !== null);
  assert.equal(watched.look(), true);
  for (let look = 0; look < 2; look += 1) watched.countPrivateOnly(undefined);
  assert.ok(watched.bytes > 0);
  assert.equal(watched.look(), true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  watched.countPrivateOnly(undefined);
  assert.equal(watched.bytes, 0);
  watched.close();
});
