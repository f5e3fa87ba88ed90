import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryWorkspace, type Workspace } from '../helpers/workspace.ts';

failOnLeaks();

const SUPERVISOR = fileURLToPath(new URL('../../supervisor.ts', import.meta.url));
const YAML = 'git: { enabled: false }\nmodules:\n  one: { command: "true" }\n';

/** What a shell makes of a command line; `wk` is the program. */
function shell({ root }: Workspace, text: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('sh', ['-c', `wk() { "$NODE" ${SUPERVISOR} "$@"; }; ${text}`], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', NODE: process.execPath, HOME: '/nonexistent' },
    encoding: 'utf8',
  });
}

const noFullDevice = existsSync('/dev/full') ? false : 'no /dev/full here';

for (const argv of ['status --json', 'validate', '--help']) {
  test(`${argv} whose answer cannot be written has failed: exit code 4, and why`, {
    skip: noFullDevice,
  }, t => {
    const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML });
    const { status, stderr } = shell(workspace, `wk once > said && wk ${argv} > /dev/full`);
    assert.equal(status, 4);
    assert.match(stderr, /^watchkeeper: the output could not be written, it is not complete: ENOSPC/);
  });
}

test('an answer that is cut off by a full disk has failed too', t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML });
  // The limit is reached in the middle of the one write, as the end of a disk is.
  const { status, stderr } = shell(workspace, 'ulimit -f 1; wk --help > said');
  assert.equal(status, 4, stderr);
  assert.match(stderr, /the output could not be written, it is not complete: EFBIG/);
  assert.match(readFileSync(workspace.path('said'), 'utf8'), /^Usage: /);
});

test('a supervisor whose output cannot be written goes on, says so once, and ends with 4', {
  skip: noFullDevice,
}, t => {
  const yaml = YAML.replace('"true"', '"true", schedule: every 1s');
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': yaml });
  const { status, stderr } = shell(workspace, 'wk run --iterations 2 > /dev/full');
  assert.equal(status, 4);
  assert.equal(stderr.match(/could not be written/g)?.length, 1, stderr);
  const { modules } = JSON.parse(readFileSync(workspace.path('data/performance.json'), 'utf8'));
  assert.equal(modules.one.successCount, 2);
});

test('a module that failed counts more than the output', { skip: noFullDevice }, t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML.replace('"true"', '"false"') });
  assert.equal(shell(workspace, 'wk once > /dev/full').status, 1);
});

test('a reader that goes away is no failure', t => {
  const workspace = temporaryWorkspace(t, { 'watchkeeper.yaml': YAML });
  const { stdout, stderr } = shell(workspace, '{ sleep 0.5; wk --help; echo "ended with $?" >&2; } | true');
  assert.deepEqual([stdout, stderr], ['', 'ended with 0\n']);
});

test('who writes much can see that its reader went away', t => {
  const workspace = temporaryWorkspace(t);
  workspace.write(
    'writer.ts',
    `import { setImmediate } from 'node:timers/promises';
    import { standardOutput } from '${fileURLToPath(new URL('../../src/cli/output.ts', import.meta.url))}';
    const stdout = standardOutput(process);
    while (stdout.isGone !== true) {
      stdout.write('more');
      await setImmediate();
    }
    process.stderr.write('gone');`,
  );
  const { status, stderr } = shell(workspace, '"$NODE" writer.ts | head -c 100 > /dev/null');
  assert.deepEqual([status, stderr], [0, 'gone']);
});
