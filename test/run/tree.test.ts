import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { isLiving, parseProcessStat, processIdentity } from '../../src/process-identity.ts';
import { parsePsLine } from '../../src/run/process-list.ts';
import { sendSignal } from '../../src/run/signals.ts';
import { descendants, family } from '../../src/run/tree.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';

failOnLeaks();
const skip = process.platform === 'linux' ? false : 'only with /proc';

const STAT =
  'S 41 42 43 34817 42 4194368 213 9872 0 1 7 3 20 10 20 0 1 0 123456 2953216 500 18446744073709551615 1 1 0 0 0 0 0 0 0';

test('the facts of a process are read whatever it calls itself', () => {
  for (const name of ['sh', 'a b', ':) (', ') R 1 1 1 (', 'two\nlines', '']) {
    assert.deepEqual(parseProcessStat(`44 (${name}) ${STAT}\n`), {
      pid: 44,
      state: 'S',
      parent: 41,
      group: 42,
      session: 43,
      terminal: 34817,
      forked: true,
      exiting: false,
      cpuTicks: 10,
      treeCpuTicks: 40,
      startTime: 123456,
    });
  }
  assert.equal(parseProcessStat(''), null);
});

test('a process has an identity until it has ended', async () => {
  assert.equal(processIdentity(2 ** 30), null);
  const own = processIdentity(process.pid);
  assert.ok(own !== null && isLiving(own) && own.startTime > 0 && own.bootId !== '');
  const child = spawn('sleep', ['60']);
  const identity = processIdentity(child.pid ?? 0);
  assert.ok(identity !== null && isLiving(identity));
  assert.ok(!isLiving({ ...identity, startTime: identity.startTime - 1 }));
  assert.ok(!isLiving({ ...identity, bootId: 'another boot' }));
  child.kill();
  await once(child, 'exit');
  assert.equal(processIdentity(identity.pid), null);
});

test('a zombie has no identity', { skip }, async () => {
  // The child ends when its parent has become a program that never waits for it.
  const text =
    'sh -c \'until [ "$(cat /proc/$PPID/comm)" = sleep ]; do sleep 0.02; done\' & echo $!; exec sleep 60';
  const parent = spawn('sh', ['-c', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  await until('it is a zombie', () => processIdentity(Number(line)) === null);
  process.kill(Number(line), 0); // still takes up its number
  parent.kill();
  await once(parent, 'close');
});

test('all descendants are found, parents first', { skip }, async () => {
  const child = spawn('sh', ['-c', '(sleep 60 & sleep 60 & wait) & echo ready; wait'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  await until('all are there', () => descendants(pid).length === 3);
  const found = descendants(pid);
  assert.equal(found[0]?.parent, pid);
  assert.deepEqual(
    found.slice(1).map(({ parent }) => parent),
    [found[0]?.pid, found[0]?.pid],
  );
  for (const one of found) assert.equal(sendSignal(one, 'SIGKILL'), 'sent');
  child.kill();
  await once(child, 'close');
});

test('a signal reaches only the process that was meant', async () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? 0;
  const startTime = processIdentity(pid)?.startTime ?? 0;
  assert.equal(sendSignal({ pid, startTime: startTime - 1 }, 'SIGKILL'), 'gone');
  assert.equal(child.exitCode ?? child.signalCode, null);
  assert.equal(sendSignal({ pid, startTime }, 'SIGKILL'), 'sent');
  await once(child, 'exit');
  assert.equal(sendSignal({ pid, startTime }, 'SIGKILL'), 'gone');
});

test('a family is the named processes and all that descend from them', () => {
  const all = [
    [2, 1],
    [3, 2],
    [4, 3],
    [5, 1],
    [6, 5],
  ].map(([pid = 0, parent = 0]) => ({ ...parsePsLine('1 1 1 S Thu Nov 20 14:34:00 2025')[0], pid, parent }));
  const members = family(all as Parameters<typeof family>[0], pid => pid === 2 || pid === 6);
  assert.deepEqual(members.map(({ pid }) => pid).sort(), [2, 3, 4, 6]);
});

test('the table of ps is understood', () => {
  const [found] = parsePsLine('  501   1   501 Ss   Thu Nov 20 14:34:05 2025');
  assert.deepEqual(
    [found?.pid, found?.parent, found?.group, found?.session, found?.state],
    [501, 1, 501, 501, 'S'],
  );
  assert.equal(found?.startTime, new Date(2025, 10, 20, 14, 34, 5).getTime());
  assert.deepEqual(parsePsLine(''), []);
});
