import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Runner } from '../../src/glossary/child.ts';
import { findKeeperProgram } from '../../src/run/keeper-program.ts';
import { treeMemoryBytes } from '../../src/run/tree-memory.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { childSpec, direct, kept } from './running.ts';

failOnLeaks();

const options = { skip: process.platform === 'linux' ? false : 'only with /proc' };
const withKeeper = { skip: findKeeperProgram() === null ? 'no keeper on this machine' : options.skip };

/** Holds 30 MB, and in a forked child, which shares these, 20 MB more. */
const HOLD = `my $a = ''; vec($a, 3e7 - 1, 8) = 1;
unless (fork) { my $b = ''; vec($b, 2e7 - 1, 8) = 1; sleep 60 while 1 }
sleep 60 while 1`;

async function assertHeld(runner: Runner): Promise<void> {
  const child = runner.start(childSpec(['perl', '-e', HOLD], { metered: false }));
  try {
    await until('both hold their memory', () => (child.memoryMb() ?? 0) > 50);
    const held = child.memoryMb() ?? 0;
    assert.ok(held < 70, `${held} MB: what the two share counts once`);
  } finally {
    await child.stop();
  }
  assert.equal(child.memoryMb(), null, 'nothing is left');
}

test('the memory of a tree is that of all its processes now, without that of its keeper', withKeeper, () =>
  assertHeld(kept),
);

test('it is also known of a command that was started directly', withKeeper, () => assertHeld(direct));

test('of a process that is not there nothing is known; of one alone its own memory', options, () => {
  assert.equal(treeMemoryBytes(2 ** 30, true), null);
  const own = treeMemoryBytes(process.pid, true) ?? 0;
  assert.ok(Math.abs(own / process.memoryUsage().rss - 1) < 0.2, String(own));
});
