import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openWorkspace, WatchkeeperError, type Workspace } from '../src/workspace.ts';
import { workspaceToAsk } from './cli/asked.ts';
import { failOnLeaks } from './helpers/leaks.ts';
import { noisy, record, runtimes } from './questions/histories.ts';

failOnLeaks();

type Name = Exclude<keyof Workspace, 'root' | typeof Symbol.dispose>;

/** A workspace with some runs. */
function asked(t: TestContext, seconds: readonly number[] = [1, 2, 3]): Promise<Workspace> {
  const { store, root } = workspaceToAsk(t);
  record(store, 'collector', runtimes([1, 2, 3]), { endMs: Date.now() });
  record(store, 'other', runtimes(seconds), { endMs: Date.now() });
  return openWorkspace(root);
}

/** As plain JavaScript does it. */
const call = (workspace: Workspace, name: Name, ...given: unknown[]): unknown =>
  (workspace[name] as (...given: unknown[]) => unknown)(...given);

/** Waits for what is promised, and takes all pieces of what comes in pieces. */
async function whole(answer: unknown): Promise<unknown> {
  if (typeof answer !== 'object' || answer === null || !(Symbol.asyncIterator in answer)) return answer;
  return Array.fromAsync(answer as AsyncIterable<unknown>);
}

type Wrong = [name: Name, given: unknown[], message: RegExp];

const WRONG: Wrong[] = [
  ['trends', [], /^trends: question is missing: it must be an object: \{ of, windowMs, bucketMs \}$/],
  ['trends', ['collector'], /^trends: question must be an object/],
  [
    'trends',
    [{ module: 'collector' }],
    /^trends: question\.of is missing: it must be a module, .*; question: "module" is not known here: the keys are of, windowMs, bucketMs$/,
  ],
  [
    'trends',
    [{ of: 'collector', windowMs: '7d' }],
    /question\.windowMs must be a length of time in millisec/,
  ],
  [
    'trends',
    [{ of: 'collector', bucketsMs: 5 }],
    /"bucketsMs" is not known here \(did you mean `bucketMs`\?/,
  ],
  ['checkRegression', ['collector'], /question must be an object/],
  ...['yesterday', {}, { revision: 5 }, 5].map(
    (against): Wrong => [
      'checkRegression',
      [{ against }],
      /question\.against must be "baseline", "before", "previous-week" or \{ revision: "9fceb02" \}$/,
    ],
  ),
  ...[20, '20 runs', {}, { runs: 1.5 }, { runs: 5, ms: 5 }].map(
    (recent): Wrong => [
      'checkRegression',
      [{ recent }],
      /question\.recent(?: must be \{ runs: 20 \} or \{ ms: 3_600_000 \}|\.runs must be a whole number)/,
    ],
  ),
  ['checkRegression', [{ recent: { ms: 0 } }], /question\.recent\.ms must be a number above 0/],
  ['checkRegression', [{ floorOf: 5 }], /question\.floorOf must be a function/],
  ['runs', [], /^runs: module is missing/],
  ['runs', ['collector', '5'], /^runs: newest must be a whole number from 1 on$/],
  ['values', ['collector.runtimeSeconds', null], /^values: range is empty: it must be an object/],
  [
    'values',
    ['collector.runtimeSeconds', { sinceMs: new Date() }],
    /range\.sinceMs must be a time in milliseconds/,
  ],
  ['incidents', [{ open: 'yes' }], /filter\.open must be true or false/],
  ['incidents', [null], /^incidents: filter is empty/],
  ['changes', ['24h'], /^changes: sinceMs must be a time/],
  ['setBaseline', ['collector'], /^setBaseline: request must be an object/],
  ['setBaseline', [{ given: { memoryMb: 5 } }], /request\.module is missing/],
  ['setBaseline', [{ module: 'collector', given: { memoryMb: '5' } }], /given\.memoryMb must be a number/],
  ['setBaseline', [{ module: 'collector', metrics: 'runtimeSeconds' }], /request\.metrics must be a list/],
  ['removeBaselines', [], /^removeBaselines: module is missing/],
  ['removeBaselines', ['collector', 0], /^removeBaselines: metric must be the name of a metric/],
  ['forecast', ['collector.runtimeSeconds'], /question must be an object: \{ metric, aheadMs, reaches,/],
  ['forecast', [{ metric: 'collector.runtimeSeconds', level: '0.9' }], /question\.level must be a number/],
  ['compare', [{ modules: 'collector' }], /question\.modules must be a list of modules/],
  ['compare', [{ by: 'label' }], /question\.by must be "module", "revision" or \{ label: "model" \}/],
  ['bottlenecks', [{ sinceMs: Number.NaN }], /question\.sinceMs must be a time/],
  ['bottlenecks', [{ sinceMs: 1e300 }], /question\.sinceMs must be a time/],
  ['recommend', [{ module: 'collector' }], /^recommend: it takes no argument and nothing beside$/],
  ['report', [{ sinceMs: 5 }], /^report: sinceMs must be a time/],
  ['export', [{ format: 5 }], /request\.format must be the name of a format/],
  ['export', [{ untilMs: 5, sinceMs: 6 }], /^the end must be later than the beginning$/],
  ['export', [{ untilMs: 5, format: 'prometheus' }], /leave the end out$/],
  ['bench', ['collector'], /^bench: request must be an object: \{ module, runs, warmup, suite \}$/],
  ['bench', [{ module: 'collector' }, { stop: true }], /options\.stop must be an AbortSignal/],
  ['bisect', [{ module: 'collector' }], /request\.good is missing: it must be a revision/],
  [
    'bisect',
    [{ module: 'collector', good: 'HEAD', links: 'data' }],
    /request\.links must be a list of paths/,
  ],
  [
    'bisect',
    [{ module: 'collector', good: 'HEAD', links: ['/x'] }],
    /^a link is a path below the workspace, such as data\/market, not '\/x'$/,
  ],
  ['record', ['queue'], /^record: metric must be an object: \{ metric, value, source, labels, time \}$/],
  ['record', [{ metric: 'queue', value: 5n }], /^record: metric\.value must be a number$/],
  ['compare', [{ modules: ['collector'], by: 'revision' }], /look at more runs$/],
  ['report', [Date.now() + 1e9], /give an earlier time/],
  ['trends', [{ of: 'collector', bucketMs: 5 }], /give wider ones$/],
  ['setBaseline', [{ module: 'collector', fromMs: 5, toMs: 6 }], /no successful runs in that range/],
];

test('a wrong argument is refused with its name and the right form, in the words of the library', async t => {
  using workspace = await asked(t);
  for (const [name, given, message] of WRONG)
    await assert.rejects(
      async () => whole(await call(workspace, name, ...given)),
      (error: unknown) => {
        assert.ok(error instanceof WatchkeeperError, `${name}: ${error}`);
        assert.equal(error.code, 'usage');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /--[a-z]/, 'an option of the command line');
        return true;
      },
    );
});

/** What no method takes, in any place; `Symbol()` cannot even be made a text. */
const JUNK = [null, 5, Number.NaN, '', 'x', {}, [], [{}], 5n, Symbol('x'), () => 5, new Date(), new Map()];

test('whatever a method is given, it answers or refuses: no other error gets out', async t => {
  using workspace = await asked(t);
  const names = Object.keys(workspace).filter(name => name !== 'root' && name !== 'close') as Name[];
  assert.ok(names.length >= 20, names.join());
  let refused = 0;
  for (const name of names)
    for (const junk of JUNK)
      for (const given of [
        [junk],
        ['collector', junk],
        [{ module: junk, metric: junk, of: junk }],
        [{}, junk],
      ])
        try {
          await whole(await call(workspace, name, ...given));
        } catch (error) {
          const shown = `${name} ${given.map(each => typeof each)}: ${error}`;
          assert.ok(error instanceof WatchkeeperError && error.code === 'usage', shown);
          refused += 1;
        }
  assert.ok(refused > 0.9 * names.length * JUNK.length * 4, `${refused} were refused`);
});

test('what is promised is rejected, so that nothing is thrown past a `catch`', async t => {
  using workspace = await asked(t);
  for (const name of ['recommend', 'report', 'bench', 'bisect', 'record'] as const) {
    const refused = call(workspace, name, 'x', 'y', 'z');
    assert.ok(refused instanceof Promise, name);
    await assert.rejects(refused, { code: 'usage' });
  }
});

test('what is undefined is as if it were left out, and methods can be handed on', async t => {
  using workspace = await asked(t, [...noisy(1, 60, 1), ...noisy(2, 20, 1.3)]);
  const question = { module: 'other', metric: 'runtimeSeconds', floorOf: undefined, recent: undefined };
  const { checkRegression, runs } = workspace;
  assert.equal(checkRegression(question as object).regressions, 0, 'the floor of the configuration holds');
  assert.equal(runs('other', undefined).length, 80);
  assert.deepEqual(workspace.incidents({ open: undefined, module: undefined } as object), []);
});

test('a closed workspace says so, and may be closed once more', async t => {
  using workspace = await asked(t);
  const unawaited = workspace.recommend();
  workspace.close();
  workspace.close();
  assert.throws(() => workspace.modules(), { code: 'usage', message: /closed: open it once more/ });
  await assert.rejects(workspace.recommend(), { code: 'usage', message: /closed/ });
  await assert.rejects(unawaited, { code: 'usage', message: /^recommend: .*: await it first$/ });
});

test('the folder of a workspace is a text', async () => {
  for (const root of [5, null, {}, ''])
    await assert.rejects(openWorkspace(root as string), {
      code: 'usage',
      message: /^openWorkspace: root .*the folder of a workspace/,
    });
});
