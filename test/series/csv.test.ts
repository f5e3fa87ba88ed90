import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { csvSeries } from '../../src/series/csv.ts';

test('a file that fails while its rows are being worked on is told, and not waited for', {
  timeout: 10_000,
}, async () => {
  const input = new Readable({ read: () => undefined });
  input.push('value\n1\n2\n');
  const { rows } = await csvSeries(input, { values: null });
  const read = async (): Promise<void> => {
    for await (const _ of rows) {
      input.destroy(new Error('EIO: i/o error, read'));
      if (!input.closed) await once(input, 'close').catch(() => undefined);
      await new Promise(resolve => setImmediate(resolve));
    }
  };
  await assert.rejects(read(), /EIO/);
});
