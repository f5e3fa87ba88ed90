import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { settingsFrom } from '../../src/config/load.ts';
import type { Loaded } from '../../src/config/problems.ts';
import { YAML_SIGNS } from '../fuzz/yaml-signs.ts';
import { fc } from '../helpers/properties.ts';

const NOWHERE = '/nonexistent';

function check(loaded: Loaded): void {
  if (loaded.ok) {
    for (const { argv, env } of [...loaded.settings.modules, ...loaded.settings.services]) {
      assert.ok(argv.length > 0);
      for (const text of [...argv, ...Object.values(env)]) assert.equal(typeof text, 'string');
    }
    return;
  }
  assert.ok(loaded.problems.length > 0, 'a refusal has a reason');
  for (const { path, line, message } of loaded.problems) {
    assert.ok(line === null || line >= 1);
    assert.match(`${path} ${message}`, /^[ -~]*$/, 'fit for a terminal');
    assert.ok(message.length > 0);
  }
}

test('any text is answered with settings or problems, never with an exception', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async text => {
      check(await settingsFrom(NOWHERE, { text }));
    }),
    { numRuns: 500 },
  );
});

test('any text of the signs that YAML is made of is answered', async () => {
  const signs = fc.constantFrom(
    ...YAML_SIGNS,
    ...['&a', '*a', '!', '%', '@', '---', '...', '<<', '~', '\0', 'a', '1'],
    ...['modules', '__proto__', 'command'],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(signs, { maxLength: 60 }), async parts => {
      check(await settingsFrom(NOWHERE, { text: parts.join('') }));
    }),
    { numRuns: 1_000 },
  );
});

/** Words that mean something here, and some that mean something to JavaScript. */
const WORDS = fc.constantFrom(
  ...['schedule', 'timezone', 'modules', 'services', 'detection', 'history', 'git', 'stages', 'logs'],
  ...['command', 'shell', 'cwd', 'env', 'passEnv', 'after', 'timeout', 'retries', 'watch', 'health', 'http'],
  ...[
    'threshold',
    'window',
    'floors',
    'metrics',
    'judge',
    'runs',
    'okEvery',
    'commitOn',
    'ref',
    'until',
    'name',
  ],
  ...['a', 'b', 'collector', '__proto__', 'constructor', 'toString', 'prototype', '', '0', '-1'],
);

const LEAVES = fc.oneof(
  fc.constantFrom(
    'x',
    '.',
    '..',
    '/',
    '1m',
    'every 1s',
    '@hourly',
    '* * * * *',
    'baseline',
    '10MB',
    'current',
    'a',
    'b',
  ),
  fc.constantFrom(0, 1, -1, 0.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY, true, false, null),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const { tree } = fc.letrec(tie => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    LEAVES,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(WORDS, tie('tree'), { maxKeys: 5, noNullPrototype: false }),
  ),
}));

test('any structure is answered, with words that mean something in any place', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(WORDS, tree, { maxKeys: 6 }), async given => {
      check(await settingsFrom(NOWHERE, { text: stringify(given) }));
    }),
    { numRuns: 1_000 },
  );
});

test('any structure of modules is answered, and what is taken is whole', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'é', '__proto__', 'constructor');
  const keys = fc.record(
    {
      command: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom('x', 'x "y z"', '', "'") },
        { weight: 1, arbitrary: tree },
      ),
      after: fc.oneof(fc.array(name, { maxLength: 3 }), tree),
      cwd: fc.oneof(fc.constantFrom('.', 'a/b', '..', '\0', '//', 'a/../..'), LEAVES),
      schedule: LEAVES,
      timeout: LEAVES,
      env: fc.dictionary(fc.string({ maxLength: 4 }), LEAVES, { maxKeys: 3 }),
      watch: fc.array(
        fc.string({ unit: fc.constantFrom('*', '/', '.', 'a', '{', '}', 'data', '\0'), maxLength: 6 }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['command'] },
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, keys, { minKeys: 1, maxKeys: 4 }), async modules => {
      check(await settingsFrom(NOWHERE, { text: stringify({ modules }) }));
    }),
    { numRuns: 1_000 },
  );
});

test('what is asked for comes after one another, or a cycle is told', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const after = fc.subarray(names);
  await fc.assert(
    fc.asyncProperty(fc.tuple(after, after, after, after, after), async upstreams => {
      const modules = Object.fromEntries(
        names.map((name, index) => [name, { command: 'x', after: upstreams[index] }]),
      );
      const loaded = await settingsFrom(NOWHERE, { text: stringify({ modules }) });
      assert.equal(loaded.ok, isOrdered(new Map(names.map((name, index) => [name, upstreams[index] ?? []]))));
    }),
    { numRuns: 500 },
  );
});

/** By the plainest way: take away what waits for nothing, until nothing more can be taken. */
function isOrdered(graph: Map<string, string[]>): boolean {
  const left = new Map(graph);
  for (;;) {
    const free = [...left].find(([, upstreams]) => upstreams.every(name => !left.has(name)));
    if (free === undefined) return left.size === 0;
    left.delete(free[0]);
  }
}
