import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, workspaceAt } from '../helpers/workspace.ts';
import { run, startExchange, startFeed } from './processes.ts';

failOnLeaks();

const DAY_MS = 86_400_000;

function stored(folder: string, name = 'SPX-1d'): string[] {
  return readFileSync(join(folder, 'data/market', `${name}.jsonl`), 'utf8')
    .split('\n')
    .slice(0, -1);
}

function openTimes(lines: string[]): number[] {
  return lines.map(line => JSON.parse(line).openTime);
}

function send(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function kline(openTime: number, length = DAY_MS): unknown[] {
  return [openTime, '10.5', '12', '10', '11', '3', openTime + length - 1, '33', 7, '1', '11', '0'];
}

test('the first run collects everything page by page, a second one nothing, a later one what is new', async t => {
  const folder = temporaryFolder(t);
  await using early = await startFeed(folder, { MARKET_FEED_START_DATE: '2010-06-01' });
  const first = await run('collector', folder, { MARKET_API_URL: early.url });
  assert.deepEqual([first.code, first.stderr], [0, '']);
  assert.deepEqual(first.metrics, { rowsCollected: 2617, rowsTotal: 2617 });
  const second = await run('collector', folder, { MARKET_API_URL: `${early.url}/` });
  assert.deepEqual(second.metrics, { rowsCollected: 0, rowsTotal: 2617 });

  await using late = await startFeed(folder, { MARKET_FEED_START_DATE: '2010-06-05' });
  const third = await run('collector', folder, { MARKET_API_URL: late.url });
  assert.deepEqual(third.metrics, { rowsCollected: 4, rowsTotal: 2621 });
  const times = openTimes(stored(folder));
  assert.equal(new Set(times).size, 2621);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.equal(
    stored(folder)[0],
    '{"openTime":946857600000,"open":1469.25,"high":1478,"low":1438.359985,"close":1455.219971,"volume":931800000,"closeTime":946943999999}',
  );
});

test('a last line that a crash tore is cut off and fetched again, wherever it was torn', async t => {
  const folder = temporaryFolder(t);
  await using feed = await startFeed(folder, { MARKET_FEED_START_DATE: '2000-02-01' });
  const env = { MARKET_API_URL: feed.url };
  await run('collector', folder, env);
  const whole = stored(folder);
  const file = join(folder, 'data/market/SPX-1d.jsonl');
  const length = readFileSync(file).length;
  for (const missing of [1, 40, (whole.at(-1) ?? '').length, length]) {
    truncateSync(file, length - missing);
    const { code, stdout } = await run('collector', folder, env);
    assert.equal(code, 0);
    assert.equal(/torn last line/.test(stdout), missing < length);
    assert.deepEqual(stored(folder), whole);
  }
  appendFileSync(file, Buffer.alloc(300)); // what a power cut may leave: room for the line, but no line
  assert.equal((await run('collector', folder, env)).code, 0);
  assert.deepEqual(stored(folder), whole);
});

test('a file that ends in something else is left as it is, with advice', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data/market/SPX-1d.jsonl', 'date,open\n2015-01-02,7\n');
  const { code, stderr } = await run('collector', workspace.root);
  assert.equal(code, 1);
  assert.match(stderr, /^collector: the last line of .* is not a candle: move the file away/);
  assert.equal(readFileSync(workspace.path('data/market/SPX-1d.jsonl'), 'utf8'), 'date,open\n2015-01-02,7\n');
});

test('a candle that is still open is left for a later run, by the clock of the exchange', async t => {
  const folder = temporaryFolder(t);
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  let now = midnight - 1000;
  const asked: (string | undefined)[] = [];
  await using exchange = await startExchange((request, response) => {
    asked.push(request.url);
    response.setHeader('date', new Date(now).toUTCString());
    const from = Number(new URL(request.url ?? '', 'http://x').searchParams.get('startTime'));
    send(
      response,
      [midnight - 2 * DAY_MS, midnight - DAY_MS].filter(time => time >= from).map(time => kline(time)),
    );
  });
  const env = { MARKET_API_URL: exchange.url, MARKET_SYMBOL: 'BTCUSDT' };
  assert.deepEqual((await run('collector', folder, env)).metrics, { rowsCollected: 1, rowsTotal: 1 });
  now = midnight;
  assert.deepEqual((await run('collector', folder, env)).metrics, { rowsCollected: 1, rowsTotal: 2 });
  assert.deepEqual(openTimes(stored(folder, 'BTCUSDT-1d')), [midnight - 2 * DAY_MS, midnight - DAY_MS]);
  assert.deepEqual(asked, [
    '/api/v3/klines?symbol=BTCUSDT&interval=1d&startTime=0&limit=1000',
    `/api/v3/klines?symbol=BTCUSDT&interval=1d&startTime=${midnight - 2 * DAY_MS + 1}&limit=1000`,
  ]);
});

test('a full page is followed by a request for the next one, up to an empty page', async t => {
  const folder = temporaryFolder(t);
  const all = Array.from({ length: 2000 }, (_, index) => kline(index * 60_000, 60_000));
  let requests = 0;
  await using exchange = await startExchange((request, response) => {
    requests += 1;
    const from = Number(new URL(request.url ?? '', 'http://x').searchParams.get('startTime'));
    send(response, all.filter(([openTime]) => Number(openTime) >= from).slice(0, 1000));
  });
  const { metrics } = await run('collector', folder, { MARKET_API_URL: exchange.url, MARKET_INTERVAL: '1m' });
  assert.deepEqual([metrics['rowsTotal'], requests], [2000, 3]);
  assert.equal(stored(folder, 'SPX-1m').length, 2000);
});

test('an overloaded or failing exchange is asked again', async t => {
  const answers: ((response: ServerResponse) => void)[] = [
    response => send(response, { code: -1003, msg: 'Too many requests.' }, 429, { 'retry-after': '0' }),
    response => response.writeHead(502).end('<html>Bad gateway</html>'),
    response => send(response, [kline(0)]),
  ];
  await using exchange = await startExchange((_, response) => answers.shift()?.(response));
  const { code, metrics } = await run('collector', temporaryFolder(t), { MARKET_API_URL: exchange.url });
  assert.deepEqual([code, metrics['rowsCollected'], answers.length], [0, 1, 0]);
});

test('an exchange that stays overloaded is given up, and one that asks for a long wait at once', async t => {
  let requests = 0;
  let wait = '0';
  await using exchange = await startExchange((_, response) => {
    requests += 1;
    response.writeHead(429, { 'retry-after': wait }).end();
  });
  const env = { MARKET_API_URL: exchange.url };
  const folder = temporaryFolder(t);
  assert.match((await run('collector', folder, env)).stderr, /answered 429 \(tried 3 times\)\n$/);
  assert.equal(requests, 3);
  wait = '3600';
  const { code, stderr } = await run('collector', folder, env);
  assert.equal(code, 1);
  assert.match(stderr, /answered 429 and asks to wait 3600 s: collect less often\n$/);
  assert.equal(requests, 4);
});

test('a refusal is shown in the words of the exchange, and is not asked again', async t => {
  await using feed = await startFeed(temporaryFolder(t));
  const env = { MARKET_API_URL: feed.url, MARKET_SYMBOL: 'ABC' };
  const { code, stderr, metrics } = await run('collector', temporaryFolder(t), env);
  assert.equal(code, 1);
  assert.match(stderr, /answered 400: Invalid symbol\. \(code -1121\); check MARKET_API_URL, MARKET_SYMBOL/);
  assert.deepEqual(metrics, {});
});

for (const [what, body, problem] of [
  ['a page that is no JSON', '<html>Welcome to the hotel</html>', /answered 200: <html>Welcome/],
  ['an object instead of an array', '{"candles":[]}', /answered 200: \{"candles":\[\]\}/],
  ['a row that is no array', '[7]', /bad candle: a number is missing or not finite/],
  ['an empty price', '[[0,"","2","1","1","0",9]]', /bad candle: a number is missing or not finite/],
  [
    'a close time that is missing',
    '[[0,"1","2","1","1","0"]]',
    /bad candle: a number is missing or not finite/,
  ],
  ['a high below the close', '[[0,"1","2","1","3","0",9]]', /bad candle: high 2 is below open 1 or close 3/],
  [
    'the same candle twice',
    '[[0,"1","2","1","1","0",9],[0,"1","2","1","1","0",9]]',
    /bad candle: it is not later/,
  ],
] as const) {
  test(`${what} fails the run, and nothing of the page is stored`, async t => {
    const folder = temporaryFolder(t);
    await using exchange = await startExchange((_, response) => response.end(body));
    const { code, stderr } = await run('collector', folder, { MARKET_API_URL: exchange.url });
    assert.equal(code, 1);
    assert.match(stderr, problem);
    assert.deepEqual(stored(folder), []);
  });
}

test('a failure in a later page keeps the earlier ones', async t => {
  const folder = temporaryFolder(t);
  const page = Array.from({ length: 1000 }, (_, index) => kline(index * DAY_MS));
  await using exchange = await startExchange((request, response) => {
    send(response, request.url?.includes('startTime=0&') ? page : { code: -1000, msg: 'No.' }, 200);
  });
  assert.equal((await run('collector', folder, { MARKET_API_URL: exchange.url })).code, 1);
  assert.equal(stored(folder).length, 1000);
});

test('where nobody listens, the message says what to do', async t => {
  const exchange = await startExchange(() => {});
  await exchange[Symbol.asyncDispose]();
  const { code, stderr } = await run('collector', temporaryFolder(t), { MARKET_API_URL: exchange.url });
  assert.equal(code, 1);
  assert.match(
    stderr,
    /cannot reach http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED; is market-feed running\? .*MARKET_API_URL/,
  );
  assert.ok(!stderr.includes('    at '), 'no stack for an expected failure');
});

for (const [name, value] of [
  ['MARKET_API_URL', 'localhost:4010'],
  ['MARKET_SYMBOL', '../../x'],
  ['MARKET_INTERVAL', 'daily'],
] as const) {
  test(`${name}=${value} is refused`, async t => {
    const { code, stderr } = await run('collector', temporaryFolder(t), { [name]: value });
    assert.equal(code, 1);
    assert.ok(stderr.startsWith(`collector: ${name}=${value} is not a`), stderr);
  });
}

test('a data folder that cannot be made fails the run', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  workspace.write('data', 'a file where a folder should be');
  const { code, stderr } = await run('collector', workspace.root);
  assert.equal(code, 1);
  assert.match(stderr, /^collector: Error: ENOTDIR/);
});
