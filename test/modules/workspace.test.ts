import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { loadSettings } from '../../src/config/load.ts';
import { ruleFor } from '../../src/config/rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function settings() {
  const loaded = await loadSettings(ROOT);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  assert.deepEqual(loaded.warnings, []);
  return loaded.settings;
}

test("the example's configuration has no problem and no warning, and its modules follow one another", async () => {
  const { modules, services, runAtStart } = await settings();
  assert.deepEqual(
    modules.map(({ name, after, schedule }) => [name, after, schedule]),
    [
      ['collector', [], { kind: 'every', intervalMs: 15_000 }],
      ['signal-generator', ['collector'], null],
      ['backtester', ['signal-generator'], null],
    ],
  );
  assert.deepEqual([services.map(({ name }) => name), runAtStart], [['market-feed'], true]);
});

test('the port of the feed is the same wherever the example names it', () => {
  const text = readFileSync(join(ROOT, 'watchkeeper.yaml'), 'utf8');
  const { services, modules } = parse(text);
  const feed = services['market-feed'];
  const address = `http://127.0.0.1:${feed.env.MARKET_FEED_PORT}`;
  assert.equal(feed.health.http, `${address}/health`);
  assert.equal(modules.collector.env.MARKET_API_URL, address);
});

test('the number of new rows is recorded but not judged; the number of all rows is', async () => {
  const { detection } = await settings();
  assert.equal(ruleFor(detection, 'collector', 'rowsCollected'), null);
  assert.equal(ruleFor(detection, 'collector', 'rowsTotal')?.thresholdPercent, 25);
});
