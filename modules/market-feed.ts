/**
 * A small market to play with: the S&P 500 index from 2000 to 2020, served as the large exchanges serve their klines.
 * One more trading day becomes visible every few seconds.
 *
 * MARKET_FEED_PORT         default 4010; 0: any free port. The service prints its address.
 * MARKET_FEED_DAY_SECONDS  default 5
 * MARKET_FEED_START_DATE   default 2015-01-01: the days before it are visible from the start
 */
import { createServer } from 'node:http';
import { dataFile } from './files.ts';
import { dayOf, type Kline, readHistory } from './market/history.ts';
import { type Answer, answerKlines } from './market/klines.ts';
import { listen } from './market/server.ts';
import { visibleDays } from './market/visible-days.ts';
import { runModule, say } from './run.ts';
import { day, number } from './settings.ts';

const MARKET = { symbol: 'SPX', interval: '1d' };

await runModule('market-feed', async () => {
  const port = number('MARKET_FEED_PORT', 4010, { min: 0, max: 65_535 });
  const daySeconds = number('MARKET_FEED_DAY_SECONDS', 5, { min: 0.01, max: 86_400 });
  const startDate = day('MARKET_FEED_START_DATE', '2015-01-01');
  const history = readHistory();
  const visible = visibleDays(history, { startDate, daySeconds }, dataFile('market', 'feed.json'), () =>
    performance.now(),
  );

  const server = createServer((request, response) => {
    const { status, body } = answer(request.method ?? '', request.url ?? '', visible());
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const address = await listen(server, port);
  const pace = `${visible().length} of ${history.length} days are visible, one more every ${daySeconds} s`;
  say(`market-feed listens on ${address} (${pace})`);
});

function answer(method: string, target: string, klines: readonly Kline[]): Answer {
  const url = URL.parse(target, 'http://localhost');
  const route = `${method} ${url?.pathname}`;
  if (url !== null && route === 'GET /api/v3/klines')
    return answerKlines(url.searchParams, { ...MARKET, klines });
  if (route === 'GET /health') return { status: 200, body: health(klines) };
  return { status: 404, body: { code: -5000, msg: `Path ${url?.pathname}, Method ${method} is invalid` } };
}

function health(klines: readonly Kline[]): object {
  const last = klines.at(-1);
  return { status: 'ok', ...MARKET, days: klines.length, lastDay: last === undefined ? null : dayOf(last) };
}
