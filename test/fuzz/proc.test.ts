import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseProcessStat, readProcessStat } from '../../src/process-identity.ts';
import { parsePsLine } from '../../src/run/process-list.ts';
import { family } from '../../src/run/tree.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { until } from '../helpers/until.ts';
import { anyText } from './any-text.ts';
import { holds } from './property.ts';

failOnLeaks();

const NAME_SIGN = fc.constantFrom(...['(', ')', ' ', '\n', '\t', 'a', '1', 'Z', '\\', '\u00ff', ') S 1 1 1']);
const NAME = fc.array(NAME_SIGN, { maxLength: 15 }).map(parts => parts.join(''));
const NUMBER = fc.nat({ max: 2 ** 31 - 1 });

test('what the kernel says of a process is read, whatever the process calls itself', async t => {
  const fields = fc.tuple(
    NUMBER,
    NAME,
    fc.constantFrom('R', 'S', 'D', 'Z', 'T', 'X'),
    fc.array(NUMBER, { minLength: 49, maxLength: 49 }),
  );
  await holds(t, fields, ([pid, name, state, numbers]) => {
    const stat = parseProcessStat(`${pid} (${name}) ${state} ${numbers.join(' ')}\n`);
    assert.ok(stat !== null);
    const [parent = 0, group, session, terminal, , flags = 0] = numbers;
    assert.deepEqual(
      { ...stat, treeCpuTicks: 0, cpuTicks: 0 },
      {
        ...{ pid, state, parent, group, session, terminal, treeCpuTicks: 0, cpuTicks: 0 },
        ...{ forked: (flags & 0x40) !== 0, exiting: (flags & 0x4) !== 0, startTime: numbers[18] },
      },
    );
  });
});

test('any other text is no process, or one that has its numbers', async t => {
  const text = fc.oneof(
    anyText(60),
    fc
      .array(fc.constantFrom('1', ' ', '(', ')', 'S', '\n', '-1', 'x'), { maxLength: 40 })
      .map(parts => parts.join('')),
  );
  await holds(t, text, given => {
    const stat = parseProcessStat(given);
    if (stat === null) return;
    for (const number of [stat.pid, stat.parent, stat.startTime])
      assert.ok(Number.isSafeInteger(number), JSON.stringify(stat));
  });
});

test('a text that ends too early is no process', () => {
  const whole = '12 (sleep) S 1 12 12 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777 0';
  assert.equal(parseProcessStat(whole)?.startTime, 777);
  for (const text of [
    '',
    ')',
    '12 (sleep)',
    '12 (sleep) S 1',
    whole.slice(0, 40),
    whole.replace('12 (', 'x ('),
  ]) {
    assert.equal(parseProcessStat(text), null, text);
  }
});

test('a line of ps is a process, or none', async t => {
  const word = fc.oneof(
    NUMBER.map(String),
    fc.constantFrom('', ' ', 'S+', 'Thu', 'Nov', '20 14:34:00 2025', '(x)', '-1', '\u0000'),
  );
  await holds(
    t,
    fc.array(word, { maxLength: 8 }).map(words => words.join(' ')),
    line => {
      for (const { pid, parent, startTime } of parsePsLine(line)) {
        for (const number of [pid, parent, startTime]) assert.ok(Number.isFinite(number) && number >= 0);
      }
    },
  );
});

test('a family is found where processes claim to descend from one another in a circle', async t => {
  const pid = fc.integer({ min: 1, max: 8 });
  const stat = fc.tuple(pid, pid).map(([own, parent]) => ({
    ...{ pid: own, parent, state: 'S', group: own, session: own, terminal: 0, forked: false, exiting: false },
    ...{ cpuTicks: 0, treeCpuTicks: 0, startTime: 1 },
  }));
  const all = fc.uniqueArray(stat, { maxLength: 8, selector: ({ pid: own }) => own });
  await holds(t, all, processes => {
    const found = family(processes, own => own === 1);
    assert.equal(new Set(found).size, found.length);
    for (const { pid: own, parent } of found)
      assert.ok(own === 1 || found.some(other => other.pid === parent));
  });
});

test('a real process with parentheses and a line break in its name is itself', {
  skip: process.platform !== 'linux',
}, async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-fuzz-')));
  const program = join(folder, 'a) S 1\n(b');
  copyFileSync('/bin/sleep', program);
  const child = spawn(program, ['600'], { stdio: 'ignore' });
  try {
    const stat = await until('it runs under its name', () => {
      const found = readProcessStat(child.pid ?? 0);
      return found?.forked === false ? found : null;
    });
    assert.equal(stat.parent, process.pid);
    assert.equal(stat.pid, child.pid);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
    rmSync(folder, { recursive: true });
  }
});
