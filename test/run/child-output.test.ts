import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { OutputSink } from '../../src/glossary/child.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { childSpec, direct, kept } from './running.ts';

failOnLeaks();

for (const [name, by] of [
  ['through the keeper', kept],
  ['directly', direct],
] as const) {
  test(`200 MB for a slow sink are held back in the child, ${name}`, async () => {
    let total = 0;
    let behind = false;
    let tooEarly = 0;
    let largest = 0;
    let ended = false;
    const slow: OutputSink = {
      write(chunk) {
        if (behind) tooEarly++;
        total += chunk.length;
        largest = Math.max(largest, chunk.length);
        behind = true;
        return false;
      },
      async drained() {
        await setImmediate();
        behind = false;
      },
      async end() {
        ended = true;
      },
    };
    const child = by.start(childSpec(['head -c 200000000 /dev/zero'], { shell: true, output: slow }));
    assert.equal((await child.ended).exitCode, 0);
    assert.deepEqual([total, tooEarly, ended], [200_000_000, 0, true]);
    assert.ok(largest <= 2 ** 20, `${largest} bytes at a time`);
  });

  test(`a sink that is still behind at the end gets everything, ${name}`, async () => {
    let total = 0;
    const slow: OutputSink = {
      write(chunk) {
        total += chunk.length;
        return false;
      },
      drained: () => sleep(300), // longer than the silence after which nobody listens any more
      end: async () => {},
    };
    const child = by.start(childSpec(['head -c 100000 /dev/zero'], { shell: true, output: slow }));
    await child.ended;
    assert.equal(total, 100_000);
  });

  test(`a child that is stopped while its sink is behind ends all the same, ${name}`, async () => {
    const gate = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    const stuck: OutputSink = {
      write() {
        seen.resolve();
        return false;
      },
      drained: () => gate.promise,
      end: async () => {},
    };
    const child = by.start(childSpec(['yes'], { output: stuck }));
    await seen.promise;
    const stopped = child.stop();
    await sleep(50);
    gate.resolve();
    await stopped;
    assert.equal((await child.ended).signal, 'SIGTERM');
  });
}
