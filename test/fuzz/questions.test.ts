import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WatchkeeperError } from '../../src/errors.ts';
import { OUTCOMES, type Run } from '../../src/glossary/run.ts';
import { bottlenecks } from '../../src/questions/bottlenecks.ts';
import { checkRegression } from '../../src/questions/check-regression.ts';
import { compare } from '../../src/questions/compare.ts';
import { forecast } from '../../src/questions/forecast.ts';
import { report } from '../../src/questions/report.ts';
import { baselinesFor } from '../../src/questions/set-baseline.ts';
import { trends } from '../../src/questions/trends.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { type Called, call } from '../cli/called.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import {
  assertFinite,
  DAY_MS,
  HOUR_MS,
  NOW_MS,
  noisy,
  record,
  runtimes,
  samples,
} from '../questions/histories.ts';
import { anOwner, clock } from '../store/fixtures.ts';
import { ODD_TEXT } from './argv.ts';
import { withStore } from './histories.ts';
import { holds } from './property.ts';

failOnLeaks();

const HOME = process.cwd();
const ROOT = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-fuzz-')));

before(() => {
  writeFileSync(join(ROOT, 'watchkeeper.yaml'), 'modules: { collector: { command: "true" } }\n');
  const { store } = openStore(join(ROOT, 'data'), { clock });
  store.claim(anOwner());
  record(
    store,
    'collector',
    runtimes([...noisy(1, 40, 1), ...noisy(2, 20, 2)], { revision: '9fceb02', labels: { model: 'v1' } }),
    { endMs: Date.now() },
  );
  record(store, 'other', [...runtimes(noisy(1, 30, 1)), { outcome: 'error' }], { endMs: Date.now() });
  store.addSamples(samples({}, noisy(3, 100, 20), { endMs: Date.now() }));
  store.close();
  process.chdir(ROOT);
});
after(() => {
  process.chdir(HOME);
  rmSync(ROOT, { recursive: true });
});

const NAME = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('collector', 'other', 'system', 'collector.runtimeSeconds', 'other.memoryMb'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'system.cpuPercent',
      'system.cpuPercent{core=0}',
      'collector.rowsCollected{}',
      'rm',
      'nobody',
    ),
  },
  { weight: 1, arbitrary: ODD_TEXT },
);

const VALUES = fc.oneof(
  fc.constantFrom(
    ...[
      '1',
      '0',
      '20',
      '5 runs',
      '1h',
      '7d',
      '0.5',
      '1d',
      '60d',
      '36500d',
      '3650d',
      '1e300',
      '-1',
      '2026-11-01',
    ],
  ),
  fc.constantFrom(
    ...['runtimeSeconds', 'memoryMb', 'accuracy', 'baseline', 'before', 'previous-week', 'revision 9fceb02'],
  ),
  fc.constantFrom(
    ...['module', 'revision', 'label model', 'naive', 'ensemble', 'html', 'md', 'json', 'rows=1', '9999d'],
  ),
  ODD_TEXT,
);

/** Each with the options that it knows. */
const OPTIONS: Record<string, string[]> = {
  'set-baseline': [
    '--from-runs',
    '--from',
    '--to',
    '--metric',
    '--runtime',
    '--cpu',
    '--memory',
    '--latency',
    '--value',
  ],
  baselines: [],
  'check-regression': ['--metric', '--recent', '--against', '--threshold', '--degradation-threshold'],
  forecast: ['--ahead', '--reaches', '--level', '--model'],
  trends: ['--window', '--bucket'],
  compare: ['--by', '--metric', '--runs'],
  bottlenecks: ['--since'],
  report: ['--format', '--since'],
};

const QUESTION = fc.constantFrom(...Object.keys(OPTIONS)).chain(command => {
  const known = OPTIONS[command] ?? [];
  const option = known.length === 0 ? fc.constant([]) : fc.tuple(fc.constantFrom(...known), VALUES);
  const flags = fc.array(
    fc.oneof({ weight: 4, arbitrary: option }, { weight: 1, arbitrary: fc.constant(['--json']) }),
    { maxLength: 3 },
  );
  const names = fc.array(NAME, { maxLength: 2 });
  return fc.tuple(names, flags).map(([some, given]) => [command, ...given.flat(), ...some]);
});

const CONTROL = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

function check(argv: string[], { code, stdout, stderr }: Called): void {
  assert.ok([0, 1, 2, 4].includes(code), String(code));
  assert.ok(
    code === 0 || argv[0] === 'check-regression' || stderr.trim() !== '',
    'a failure says what is wrong',
  );
  assert.doesNotMatch(stderr, /^\s+at .*(?:\.ts|\.js|\.mjs|node:)/m, 'for a person, not for a programmer');
  for (const text of [stdout, stderr]) assert.doesNotMatch(text, CONTROL);
  if (code <= 1 && argv.includes('--json') && !argv.includes('--help') && !argv.includes('--format'))
    JSON.parse(stdout);
}

test('whatever a history is asked, there is an answer or a message', async t => {
  await holds(t, QUESTION, async argv => check(argv, await call(...argv)), { share: 0.25 });
});

const VALUE = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 1, 1, 2, 1e-9, 0.5) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e12 }) },
);
const SIGNED = fc.oneof(
  VALUE,
  VALUE.map(value => -value),
  fc.constantFrom(1e308, -1e308, 5e-324),
);

const PART: fc.Arbitrary<Partial<Run>> = fc.record({
  outcome: fc.oneof(
    { weight: 4, arbitrary: fc.constant('ok' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...OUTCOMES) },
  ),
  runtimeSeconds: fc.option(VALUE, { nil: null }),
  cpuSeconds: fc.option(VALUE, { nil: null }),
  memoryMb: fc.option(VALUE, { nil: null }),
  apiLatencySeconds: fc.option(VALUE, { nil: null }),
  custom: fc.dictionary(fc.constantFrom('accuracy', 'pnl', 'iteration', 'cpuSeconds'), SIGNED, {
    noNullPrototype: true,
  }),
  revision: fc.constantFrom(null, 'aaaaaaa', 'aaaaaaa+', 'bbbbbbb'),
  labels: fc.dictionary(fc.constant('model'), fc.constantFrom('v1', 'v2', '__proto__'), {
    noNullPrototype: true,
  }),
});

/** Runs of a module, one after the other, some of a clock that jumps. */
const HISTORY = fc.array(
  fc.tuple(
    fc.array(PART, { minLength: 1, maxLength: 15 }),
    fc.constantFrom(0, 0, 0, -HOUR_MS, -400 * DAY_MS, 365 * DAY_MS),
  ),
  { maxLength: 4 },
);

const SURROUNDINGS = {
  ...{ workspace: 'w', timezone: 'UTC', findings: [], forecasts: [], settingText: String, floorOf: () => 0 },
  ...{ scheduleOf: () => null, limitOf: () => null },
};

/** Every question, each with settings of its own; what is refused is refused as usage. */
function questionsTo(store: Store): (() => unknown)[] {
  return [
    ...['baseline', 'before', 'previous-week', { revision: 'aaaaaaa' }].map(
      against => () => checkRegression(store, { against: against as 'before', recent: { runs: 5 } }, NOW_MS),
    ),
    () => checkRegression(store, { recent: { ms: HOUR_MS } }, NOW_MS),
    () => baselinesFor(store, { module: 'a' }, NOW_MS),
    () => trends(store, { of: 'a', windowMs: 3 * DAY_MS }, NOW_MS),
    () => compare(store, { modules: ['a'], by: 'revision' }),
    () => compare(store, { modules: ['a'], by: { label: 'model' }, metric: 'pnl' }),
    () => bottlenecks(store, {}, NOW_MS),
    () => bottlenecks(store, { sinceMs: NOW_MS - 500 * DAY_MS }, NOW_MS),
    () => forecast(store, { metric: 'a.runtimeSeconds', reaches: 1, model: 'naive' }, NOW_MS),
    () => forecast(store, { metric: 'a.pnl', aheadMs: HOUR_MS }, NOW_MS),
    () => report(store, { sinceMs: NOW_MS - 10 * DAY_MS }, SURROUNDINGS, NOW_MS),
    () => store.seriesNames(),
  ];
}

test('whatever a history holds, every number of every answer is one', async t => {
  await holds(
    t,
    HISTORY,
    history =>
      withStore({}, store => {
        for (const [parts, aheadMs] of history) record(store, 'a', parts, { endMs: NOW_MS + aheadMs });
        for (const ask of questionsTo(store)) {
          try {
            assertFinite(ask());
          } catch (error) {
            if (!(error instanceof WatchkeeperError && error.code === 'usage')) throw error;
          }
        }
      }),
    { share: 0.06 },
  );
});
