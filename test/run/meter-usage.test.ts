import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { startUsageMeter } from '../../src/run/usage-meter.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { clock, fixture } from './running.ts';

failOnLeaks();

test('without /proc a tree is measured by ps', async () => {
  const [node = '', ...args] = fixture('hold.ts', 20, 60_000, 0, 1, 60);
  const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const root = child.pid ?? 0;
  const meter = startUsageMeter({ clock, root, countRoot: true });
  try {
    // Both hold more than a Node process without any data.
    await until('both are seen', () => (meter.peakBytes() ?? 0) > 160e6);
    assert.equal(meter.known().length, 2);
    assert.ok(meter.known().some(({ pid, startTime }) => pid === root && startTime > 0));
  } finally {
    meter.stop();
    child.kill();
    await once(child, 'exit');
  }
});

test('without /proc a run that ends at once is not measured', async () => {
  const child = spawn('true');
  await once(child, 'exit');
  const meter = startUsageMeter({ clock, root: child.pid ?? 0, countRoot: true });
  meter.stop();
  assert.deepEqual([meter.peakBytes(), meter.cpuSeconds(), meter.known()], [null, null, []]);
});
