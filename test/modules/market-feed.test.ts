import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder, workspaceAt } from '../helpers/workspace.ts';
import { getJson, run, startExchange, startFeed } from './processes.ts';

failOnLeaks();

async function daysOf(url: string): Promise<number> {
  const { status, body } = await getJson(`${url}/health`);
  assert.equal(status, 200);
  assert.ok(typeof body === 'object' && body !== null && 'days' in body && typeof body.days === 'number');
  return body.days;
}

test('the feed serves the days before its start date in the format of an exchange', async t => {
  await using feed = await startFeed(temporaryFolder(t));
  const query = 'symbol=SPX&interval=1d&startTime=0&limit=1';
  assert.deepEqual(await getJson(`${feed.url}/api/v3/klines?${query}`), {
    status: 200,
    body: [
      [
        Date.parse('2000-01-03T00:00:00Z'),
        '1469.250000',
        '1478.000000',
        '1438.359985',
        '1455.219971',
        '931800000',
        Date.parse('2000-01-03T23:59:59.999Z'),
        '0',
        0,
        '0',
        '0',
        '0',
      ],
    ],
  });
  assert.deepEqual(await getJson(`${feed.url}/health`), {
    status: 200,
    body: { status: 'ok', symbol: 'SPX', interval: '1d', days: 3773, lastDay: '2014-12-31' },
  });
});

test('the feed refuses a wrong symbol and an unknown path as an exchange does', async t => {
  await using feed = await startFeed(temporaryFolder(t));
  assert.deepEqual(await getJson(`${feed.url}/api/v3/klines?symbol=ABC&interval=1d`), {
    status: 400,
    body: { code: -1121, msg: 'Invalid symbol.' },
  });
  assert.equal((await getJson(`${feed.url}/api/v3/depth`)).status, 404);
  assert.equal((await getJson(`${feed.url}//`)).status, 404);
});

test('one more day becomes visible with time, and a restart does not go back, even after kill -9', async t => {
  const folder = temporaryFolder(t);
  const quick = { MARKET_FEED_DAY_SECONDS: '0.05' };
  await using first = await startFeed(folder, quick);
  const seen = await until('days were added', async () => {
    const days = await daysOf(first.url);
    return days > 3780 && days;
  });
  await first.stop('SIGKILL');
  await using second = await startFeed(folder);
  assert.ok((await daysOf(second.url)) >= seen);
});

test('a stop lets the feed end by itself with exit code 0', async t => {
  await using feed = await startFeed(temporaryFolder(t));
  await daysOf(feed.url);
  assert.equal(await feed.stop(), 0);
});

test('a port in use is told in words, with exit code 1', async t => {
  await using other = await startExchange(() => {});
  const port = new URL(other.url).port;
  const { code, stderr } = await run('market-feed', temporaryFolder(t), { MARKET_FEED_PORT: port });
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^market-feed: port ${port} is in use: .*MARKET_FEED_PORT.*\n$`));
});

for (const [name, value] of [
  ['MARKET_FEED_PORT', '70000'],
  ['MARKET_FEED_DAY_SECONDS', 'soon'],
  ['MARKET_FEED_START_DATE', '2015-02-30'],
] as const) {
  test(`${name}=${value} is refused with exit code 1`, async t => {
    const { code, stderr } = await run('market-feed', temporaryFolder(t), { [name]: value });
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^market-feed: ${name}=${value} is not a `));
  });
}

test('a damaged feed.json is told, and the feed starts from its first day again', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/market/feed.json', '{"lastVisib');
  await using feed = await startFeed(workspace.root);
  assert.equal(await daysOf(feed.url), 3773);
  assert.match(feed.said(), /feed\.json is damaged/);
  assert.equal(
    readFileSync(workspace.path('data/market/feed.json'), 'utf8'),
    '{"lastVisibleDay":"2014-12-31"}\n',
  );
});

test('the feed goes on where it cannot keep its last day', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/market', 'a file where a folder should be');
  await using feed = await startFeed(workspace.root);
  assert.equal(await daysOf(feed.url), 3773);
  assert.match(feed.said(), /cannot write .*feed\.json/);
});
