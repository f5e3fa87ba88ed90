import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemOf } from '../../../modules/market/candles.ts';
import { dayOf, type Kline, readHistory } from '../../../modules/market/history.ts';
import { answerKlines } from '../../../modules/market/klines.ts';
import { fc } from '../../helpers/properties.ts';

const klines: Kline[] = Array.from({ length: 1500 }, (_, index) => [
  index * 10,
  '1',
  '2',
  '1',
  '2',
  '0',
  index * 10 + 9,
  '0',
  0,
  '0',
  '0',
  '0',
]);

function ask(query: string) {
  return answerKlines(new URLSearchParams(query), { symbol: 'SPX', interval: '1d', klines });
}

function openTimes(query: string): unknown[] {
  const { status, body } = ask(query);
  assert.equal(status, 200);
  assert.ok(Array.isArray(body));
  return body.map(kline => kline[0]);
}

const MARKET = 'symbol=SPX&interval=1d';

test('without a start time the newest klines are sent, 500 unless asked otherwise', () => {
  const all = openTimes(MARKET);
  assert.deepEqual([all.length, all[0], all.at(-1)], [500, 10_000, 14_990]);
  assert.deepEqual(openTimes(`${MARKET}&limit=2`), [14_980, 14_990]);
  assert.deepEqual(openTimes(`${MARKET}&limit=2&endTime=55`), [40, 50]);
});

test('from a start time on, the oldest klines are sent, and never more than 1000', () => {
  assert.deepEqual(openTimes(`${MARKET}&startTime=11&limit=2`), [20, 30]);
  assert.deepEqual(openTimes(`${MARKET}&startTime=20&endTime=40`), [20, 30, 40]);
  assert.equal(openTimes(`${MARKET}&startTime=0&limit=5000`).length, 1000);
  assert.deepEqual(openTimes(`${MARKET}&startTime=14991`), []);
  assert.deepEqual(openTimes(`${MARKET}&startTime=40&endTime=20`), []);
});

for (const [query, code, msg] of [
  ['interval=1d', -1102, /'symbol' was not sent/],
  ['symbol=&interval=1d', -1102, /'symbol' was not sent/],
  ['symbol=SPX', -1102, /'interval' was not sent/],
  ['symbol=spx&interval=1d', -1100, /parameter 'symbol'/],
  ['symbol=ABC&interval=1d', -1121, /^Invalid symbol\.$/],
  ['symbol=SPX&interval=1h', -1120, /^Invalid interval\.$/],
  [`${MARKET}&limit=ten`, -1100, /parameter 'limit'; legal range is '\^\[0-9\]\{1,20\}\$'/],
  [`${MARKET}&limit=-1`, -1100, /parameter 'limit'/],
  [`${MARKET}&limit=0`, -1130, /'limit' is not valid/],
  [`${MARKET}&startTime=2015-01-01`, -1100, /parameter 'startTime'/],
  [`${MARKET}&endTime=1.5`, -1100, /parameter 'endTime'/],
] as const) {
  test(`?${query} is refused with code ${code}`, () => {
    const { status, body } = ask(query);
    assert.equal(status, 400);
    assert.ok(typeof body === 'object' && body !== null && 'code' in body && 'msg' in body);
    assert.equal(body.code, code);
    assert.match(String(body.msg), msg);
  });
}

test('paging with any limit gives every kline once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 2000 }), limit => {
      const seen: unknown[] = [];
      for (;;) {
        const page = openTimes(
          `${MARKET}&startTime=${seen.length === 0 ? 0 : Number(seen.at(-1)) + 1}&limit=${limit}`,
        );
        seen.push(...page);
        if (page.length === 0) break;
      }
      assert.deepEqual(
        seen,
        klines.map(([openTime]) => openTime),
      );
    }),
    { numRuns: 20 },
  );
});

test('every day of the history is a valid candle, later than the one before', () => {
  const history = readHistory();
  const candles = history.map(([openTime, open, high, low, close, volume, closeTime]) => ({
    openTime,
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
    volume: Number(volume),
    closeTime,
  }));
  assert.deepEqual(
    candles.map((candle, index) => problemOf(candle, candles[index - 1] ?? null)).filter(problem => problem),
    [],
  );
  assert.deepEqual(
    [history.length, ...[history[0], history.at(-1)].map(kline => kline && dayOf(kline))],
    [5105, '2000-01-03', '2020-04-17'],
  );
});
