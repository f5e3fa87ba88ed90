import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { processIdentity } from '../../src/process-identity.ts';
import { endOrphans, type Orphan, type OrphanOptions } from '../../src/run/orphans.ts';
import { readProcFile } from '../../src/run/proc-file.ts';
import { childPids } from '../../src/run/tree.ts';
import { TRIAL_VARIABLE, trialMark } from '../../src/run/trial-mark.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { fixture, isRunning } from './running.ts';

failOnLeaks();
const skip = process.platform === 'linux' ? false : 'only with /proc';
const options: OrphanOptions = { graceMs: 300, warn: message => process.emitWarning(message) };

/** Started as a killed supervisor would have left it: in a session of its own, its parent gone. */
async function leave(text: string, env: Record<string, string>): Promise<number> {
  const child = spawn('sh', ['-c', `(${text}) >/dev/null 2>&1 & echo $!`], {
    detached: true,
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  await once(child, 'close');
  return Number(line);
}

const marks = (dataFolder: string) => ({
  WATCHKEEPER_DATA_DIR: dataFolder,
  WATCHKEEPER_RUN_ID: 'run-1',
  WATCHKEEPER_MODULE: 'collector',
});

test('what an earlier supervisor has left running is ended and named', { skip }, async t => {
  const data = temporaryFolder(t);
  const pid = await leave('exec sleep 60', marks(data));
  assert.deepEqual(await endOrphans(data, options), [{ pid, runId: 'run-1', name: 'collector' }]);
  assert.ok(!isRunning(pid));
  assert.deepEqual(await endOrphans(data, options), []);
});

test('one that ignores SIGTERM is killed, and so is one that has dropped its environment', {
  skip,
}, async t => {
  const data = temporaryFolder(t);
  const pid = await leave('trap "" TERM; env -i sleep 60 & while :; do sleep 1; done', marks(data));
  const commandLine = (child: number): string => readProcFile(`/proc/${child}/cmdline`) ?? '';
  await until('both are there', () => childPids(pid).some(child => commandLine(child) === 'sleep\x0060\0'));
  const orphans = await endOrphans(data, options);
  assert.ok(orphans.some(orphan => orphan.pid === pid && orphan.runId === 'run-1'));
  assert.ok(
    orphans.some(orphan => orphan.runId === null),
    JSON.stringify(orphans),
  );
  assert.deepEqual(
    orphans.filter(orphan => isRunning(orphan.pid)),
    [],
  );
});

test('strangers are never touched', { skip }, async t => {
  const data = temporaryFolder(t);
  const { WATCHKEEPER_RUN_ID, WATCHKEEPER_DATA_DIR } = marks(data);
  const strangers = await Promise.all([
    leave('exec sleep 60', {}),
    leave('exec sleep 60', { WATCHKEEPER_DATA_DIR }), // started by hand for that folder
    leave('exec sleep 60', { WATCHKEEPER_RUN_ID }),
    leave('exec sleep 60', { WATCHKEEPER_RUN_ID, WATCHKEEPER_DATA_DIR: `${data}/other` }),
    leave('exec sleep 60', { WATCHKEEPER_RUN_ID, WATCHKEEPER_DATA_DIR: `${data}-2` }),
    leave(`exec sleep 60`, { NOTE: `WATCHKEEPER_RUN_ID=1 WATCHKEEPER_DATA_DIR=${data}` }),
  ]);
  try {
    assert.deepEqual(await endOrphans(data, options), []);
    assert.deepEqual(
      strangers.map(isRunning),
      strangers.map(() => true),
    );
  } finally {
    for (const pid of strangers) process.kill(pid, 'SIGKILL');
    await until('they have ended', () => !strangers.some(isRunning));
  }
});

test('what a living bench has started is left to it; what a killed one has left is ended', {
  skip,
}, async t => {
  const data = temporaryFolder(t);
  const attended = await leave('exec sleep 60', { ...marks(data), [TRIAL_VARIABLE]: trialMark() });
  const left = await leave('exec sleep 60', { ...marks(data), [TRIAL_VARIABLE]: `${process.pid} 1` });
  try {
    assert.deepEqual(
      (await endOrphans(data, options)).map(({ pid }) => pid),
      [left],
    );
    assert.ok(isRunning(attended));
  } finally {
    process.kill(attended, 'SIGKILL');
    await until('it has ended', () => !isRunning(attended));
  }
});

test('a supervisor spares itself, those that it descends from, and its own children', { skip }, async t => {
  const data = temporaryFolder(t);
  // The shell, the supervisor and its child all carry the marks.
  const [node, ...args] = fixture('end-orphans.ts', data);
  const text = `"$@"; echo spared`;
  const parent = spawn('sh', ['-c', text, 'sh', node ?? '', ...args], {
    detached: true,
    env: { PATH: process.env['PATH'] ?? '', ...marks(data) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  parent.stdout.on('data', chunk => {
    output += String(chunk);
  });
  await once(parent, 'close');
  assert.equal(output, '[]\nchild spared\nspared\n');
});

test('after a supervisor was killed together with its keepers, nothing of its tree is left', {
  skip,
}, async t => {
  const data = temporaryFolder(t);
  const text =
    'trap "" TERM; (setsid sleep 60 & echo $!); sleep 60 & echo $! $$; echo ready; while :; do sleep 1; done';
  const [node = '', ...args] = fixture('host.ts', text, 5_000, data);
  const host = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  host.stdout.on('data', chunk => {
    output += String(chunk);
  });
  await until('the command is ready', () => output.includes('ready'));
  const [keeper = 0, ...pids] = output.match(/\d+/g)?.map(Number) ?? [];
  process.kill(keeper, 'SIGSTOP'); // so that it cannot do its work any more
  host.kill('SIGKILL');
  await once(host, 'close');
  process.kill(keeper, 'SIGKILL');
  await until('the keeper has ended', () => processIdentity(keeper) === null);
  const orphans: Orphan[] = await endOrphans(data, options);
  assert.ok(
    orphans.length >= 1 && orphans.every(({ runId, name }) => runId === 'host-1' && name === 'hosted'),
  );
  assert.deepEqual([pids.length, pids.filter(isRunning)], [3, []]);
});
