import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told } from './given.ts';

const RUNS = 'modules: {a: {command: x}}';

const SLIPS: [string, string, RegExp][] = [
  [
    'a cron expression without quotes',
    `schedule: */5 * * * *\n${RUNS}`,
    /^f:1: is not valid YAML: a character that cannot stand here: put the text into quotes$/,
  ],
  [
    'a nickname without quotes',
    `schedule: @hourly\n${RUNS}`,
    /^f:1: is not valid YAML: a text that begins with @, ` or % must stand in quotes$/,
  ],
  [
    'stars without quotes',
    `schedule: * * * * *\n${RUNS}`,
    /^f:1: is not valid YAML: a text that begins with \* or & must stand in quotes$/,
  ],
  [
    'a tab in the indentation',
    'modules:\n\ta: {command: x}',
    /^f:2: is not valid YAML: a tab in the indentation: use spaces$/,
  ],
  [
    'a second colon',
    `a: b: c\n${RUNS}`,
    /^f:1: is not valid YAML: a second ": " in one line: put the text into quotes$/,
  ],
  [
    'a quote that stays open',
    `timezone: "UTC\n${RUNS}`,
    /^f:2: is not valid YAML: something is missing: an end quote/,
  ],
  [
    'a bracket that stays open',
    'modules: {a: {command: x}',
    /^f:1: is not valid YAML: (something is missing|the indentation)/,
  ],
  [
    'two documents',
    `${RUNS}\n---\n${RUNS}`,
    /^f:2: is not valid YAML: more than one document: remove the "---" between them$/,
  ],
  [
    'a tag',
    `timezone: !secret x\n${RUNS}`,
    /^f:1: is not valid YAML: a tag \(!name\) that is not known here/,
  ],
  ['a list as a key', `[a]: b\n${RUNS}`, /^f:1: is not valid YAML: a key that is no plain text$/],
  [
    'an alias of nothing',
    `timezone: *zone\n${RUNS}`,
    /^f:1 timezone: is an alias \(\*name\) of nothing: its anchor \(&name\) must stand above it$/,
  ],
];

for (const [what, text, expected] of SLIPS) {
  test(`${what} is told with its line`, async t => {
    const [first, ...others] = await told(t, text);
    assert.match(first ?? '', expected);
    assert.deepEqual(
      others.filter(other => !/is not valid YAML/.test(other)),
      [],
    );
  });
}

test('an alias that holds itself is refused', async t => {
  assert.match(
    (await told(t, 'a: &a [*a]')).join(),
    /nested more than 20 levels deep: write a simpler file$/,
  );
  assert.match((await told(t, 'a: &a [*a, *a, *a]')).join(), /: write a simpler file$/);
});

test('a billion laughs are refused', async t => {
  const words = ['lol0: &lol0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]'];
  for (let level = 1; level < 10; level += 1) {
    const aliases = Array.from({ length: 10 }, () => `*lol${level - 1}`).join(', ');
    words.push(`lol${level}: &lol${level} [${aliases}]`);
  }
  assert.deepEqual(await told(t, words.join('\n')), [
    'f:2: has more than 50 aliases (*name): write a simpler file',
  ]);
});

const SIZE = 300_000;

/** Texts that are built to take long, to go deep, or to find very much. */
const HOSTILE: Record<string, string> = {
  'deep lists': '['.repeat(SIZE / 4),
  'deep mappings': '{a: '.repeat(SIZE / 16),
  'deep blocks': '- '.repeat(SIZE / 8),
  'many keys': Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n'),
  'the same key': 'k: 1\n'.repeat(SIZE / 5),
  'many modules': `modules:\n${Array.from({ length: 7_000 }, (_, index) => `  m${index}: {command: x, after: [m${index - 1}]}`).join('\n')}`,
  'one great cycle': `modules:\n${Array.from({ length: 7_000 }, (_, index) => `  m${index}: {command: x, after: [m${(index + 1) % 7_000}]}`).join('\n')}`,
  'unknown names': `modules: {a: {command: x, after: [${'abc,'.repeat(SIZE / 4)}]}}`,
  'one long word': 'x'.repeat(SIZE),
  'long digits': `modules: {a: {command: x, timeout: ${'1'.repeat(SIZE)}}}`,
  'a long schedule': `schedule: "${'1,'.repeat(SIZE / 2)}"`,
  'a long glob': `modules: {a: {command: x, watch: ["${'{a,'.repeat(SIZE / 3)}"]}}`,
  'a long command': `modules: {a: {command: "${"'a' ".repeat(SIZE / 4)}"}}`,
  'a long folder': `modules: {a: {command: x, cwd: ${'a/'.repeat(SIZE / 2)}}}`,
};

for (const [what, text] of Object.entries(HOSTILE)) {
  test(`a hostile file with ${what} is answered`, { timeout: 60_000 }, async t => {
    const said = await told(t, text);
    assert.ok(said.length <= 101, `${said.length} problems`);
    assert.ok(said.join('').length < 100_000, 'short enough to be read');
  });
}
