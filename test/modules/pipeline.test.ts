import assert from 'node:assert/strict';
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder, workspaceAt } from '../helpers/workspace.ts';
import { run, startFeed } from './processes.ts';

failOnLeaks();

const MODULES = fileURLToPath(new URL('../../modules', import.meta.url));

test('feed, collector, signal-generator and backtester work together, and report what they did', async t => {
  const folder = temporaryFolder(t);
  await using feed = await startFeed(folder);
  const collector = await run('collector', folder, { MARKET_API_URL: feed.url });
  const signals = await run('signal-generator', folder);
  const backtester = await run('backtester', folder);

  assert.deepEqual([collector.code, signals.code, backtester.code], [0, 0, 0]);
  assert.equal(collector.stderr + signals.stderr + backtester.stderr, '');
  assert.deepEqual(collector.metrics, { rowsCollected: 3773, rowsTotal: 3773 });
  // The same figures come out of an independent computation in another language.
  assert.deepEqual(signals.metrics, { signals: 3773, daysInMarket: 2256 });
  const { sharpe, cagrPercent, maxDrawdownPercent, trades } = backtester.metrics;
  assert.deepEqual(
    [sharpe?.toFixed(3), cagrPercent?.toFixed(3), maxDrawdownPercent?.toFixed(3), trades],
    ['0.643', '6.603', '20.435', 6],
  );
  const lines = (file: string): string[] =>
    readFileSync(join(folder, 'data', file), 'utf8')
      .trim()
      .split('\n');
  assert.equal(lines('signals/SPX-1d.jsonl').length, 3773);
  assert.equal(lines('backtest/trades.jsonl').length, 6);
  assert.equal(lines('backtest/equity.csv')[0], 'time,strategy,buyAndHold,position');
  assert.equal(lines('backtest/equity.csv')[1], '2000-10-16,1,1,0');
  assert.equal(lines('backtest/equity.csv').length, 1 + 3773 - 199);
  assert.match(lines('backtest/summary.json').join(''), /"buyAndHold"/);
  assert.deepEqual(globSync('data/**/*.tmp', { cwd: folder }), []);
});

test('each module says what to run first where its input is missing', async t => {
  const folder = temporaryFolder(t);
  const signals = await run('signal-generator', folder);
  assert.deepEqual(
    [signals.code, /^signal-generator: .*: run the collector/.test(signals.stderr)],
    [1, true],
  );
  const backtester = await run('backtester', folder);
  assert.deepEqual(
    [backtester.code, /^backtester: .*: run signal-generator/.test(backtester.stderr)],
    [1, true],
  );
});

const CANDLE = { openTime: 0, open: 1, high: 2, low: 1, close: 2, volume: 0, closeTime: 9 };

test('a damaged line of the candles is named; a last line that is still being written is not read', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  const good = JSON.stringify(CANDLE);
  workspace.write('data/market/SPX-1d.jsonl', `${good}\n{"openTime":1}\n${good}\n`);
  const damaged = await run('signal-generator', workspace.root);
  assert.deepEqual([damaged.code, /SPX-1d\.jsonl, line 2 cannot be used/.test(damaged.stderr)], [1, true]);
  workspace.write('data/market/SPX-1d.jsonl', `${good}\n{"openTi`);
  assert.deepEqual((await run('signal-generator', workspace.root)).metrics, { signals: 1, daysInMarket: 0 });
  const early = await run('backtester', workspace.root);
  assert.deepEqual([early.code, /no signal has a target yet/.test(early.stderr)], [1, true]);
});

test('signals that are not those of the candles are refused; candles after them are left for later', async t => {
  const workspace = workspaceAt(temporaryFolder(t));
  const candles = [0, 10, 20, 30].map(openTime => ({ ...CANDLE, openTime, closeTime: openTime + 9 }));
  const write = (file: string, records: object[]): void =>
    workspace.write(file, records.map(record => `${JSON.stringify(record)}\n`).join(''));
  write('data/market/SPX-1d.jsonl', candles);
  write(
    'data/signals/SPX-1d.jsonl',
    [0, 10, 20].map(openTime => ({ openTime, target: 1 })),
  );
  assert.equal((await run('backtester', workspace.root)).code, 0);
  assert.match(readFileSync(workspace.path('data/backtest/summary.json'), 'utf8'), /"trades": 1/);
  write(
    'data/signals/SPX-1d.jsonl',
    [0, 11].map(openTime => ({ openTime, target: 1 })),
  );
  const { code, stderr } = await run('backtester', workspace.root);
  assert.deepEqual([code, /not those of the candles: run signal-generator/.test(stderr)], [1, true]);
});

test('the modules work as a copy in another folder, and name the package that has to be installed there', async t => {
  const folder = temporaryFolder(t);
  cpSync(MODULES, join(folder, 'modules'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  const modules = join(folder, 'modules');
  await using feed = await startFeed(folder);
  const collector = await run('collector', folder, { MARKET_API_URL: feed.url }, modules);
  assert.deepEqual([collector.code, collector.stderr], [0, '']);
  const signals = await run('signal-generator', folder, {}, modules);
  assert.equal(signals.code, 1);
  assert.match(
    signals.stderr,
    /^signal-generator: the package trading-signals cannot be loaded: run "npm install trading-/,
  );

  const installed = fileURLToPath(new URL('../../node_modules/trading-signals', import.meta.url));
  cpSync(installed, join(folder, 'node_modules/trading-signals'), { recursive: true });
  const again = await run('signal-generator', folder, {}, modules);
  assert.deepEqual([again.code, again.stderr], [0, '']);
  rmSync(join(folder, 'node_modules'), { recursive: true });
});

test('the modules need Node and one package only, so that a copy of the folder is complete', () => {
  for (const file of globSync('**/*.ts', { cwd: MODULES })) {
    const source = readFileSync(join(MODULES, file), 'utf8');
    const imported = [...source.matchAll(/(?:from |import\()'([^']+)'/g)].map(([, name]) => name ?? '');
    for (const name of imported) {
      if (name.startsWith('node:')) assert.ok(builtinModules.includes(name.slice(5)), name);
      else if (name === 'trading-signals') assert.equal(file, join('signals', 'indicators.ts'));
      else assert.ok(join(MODULES, file, '..', name).startsWith(MODULES), `${file} imports ${name}`);
    }
  }
});
