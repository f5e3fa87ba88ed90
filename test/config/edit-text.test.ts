import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Settable } from '../../src/config/edit-scalar.ts';
import { editedText } from '../../src/config/edit-text.ts';
import type { Path } from '../../src/config/problems.ts';
import { readYaml } from '../../src/config/yaml.ts';
import { textOf } from '../fuzz/yaml-text.ts';

/** Lines that are only in the first text, and lines that are only in the second, as `diff` would say. */
function diff(before: string, after: string): { removed: string[]; added: string[] } {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return { removed: a.slice(start, a.length - end), added: b.slice(start, b.length - end) };
}

interface Case {
  what: string;
  text: string;
  path: Path;
  value: Settable;
  removed?: string[];
  added: string[];
}

const LONG = `    command: x ${'long '.repeat(60)}`;

const CASES: Case[] = [
  {
    what: 'a value, its comment kept with its tab',
    text: 'a:\n  timeout: 1m \t# one\tminute\n  b: 2\n',
    path: ['a', 'timeout'],
    value: '90s',
    removed: ['  timeout: 1m \t# one\tminute'],
    added: ['  timeout: 90s \t# one\tminute'],
  },
  {
    what: 'double quotes stay',
    text: 'a: "1m"\n',
    path: ['a'],
    value: '2m',
    removed: ['a: "1m"'],
    added: ['a: "2m"'],
  },
  {
    what: 'single quotes stay',
    text: "a: '1m' # c\n",
    path: ['a'],
    value: "it's",
    removed: ["a: '1m' # c"],
    added: ["a: 'it''s' # c"],
  },
  {
    what: 'a text that would be an alias gets quotes',
    text: 'schedule: every 5m\n',
    path: ['schedule'],
    value: '*/10 * * * *',
    removed: ['schedule: every 5m'],
    added: ['schedule: "*/10 * * * *"'],
  },
  {
    what: 'a text that would be a number gets quotes',
    text: 'a: x\n',
    path: ['a'],
    value: '10',
    removed: ['a: x'],
    added: ['a: "10"'],
  },
  {
    what: 'a new key comes after the last one of its mapping, before the empty line',
    text: 'modules:\n  a:\n    command: x # the x\n\n  b:\n    command: y\n',
    path: ['modules', 'a', 'timeout'],
    value: '1m',
    added: ['    timeout: 1m'],
  },
  {
    what: 'a new key after a long line, without an end of line at the end',
    text: `modules:\n  a:\n${LONG}`,
    path: ['modules', 'a', 'retries'],
    value: 2,
    added: ['    retries: 2'],
  },
  {
    what: 'Windows line ends',
    text: 'modules:\r\n  a:\r\n    command: x\r\n# end\r\n',
    path: ['modules', 'a', 'retries'],
    value: 2,
    added: ['    retries: 2\r'],
  },
  {
    what: 'a value between Windows line ends',
    text: 'a: 1\r\nb: 2\r\n',
    path: ['a'],
    value: 3,
    removed: ['a: 1\r'],
    added: ['a: 3\r'],
  },
  {
    what: 'parents that are missing, indented as the file is',
    text: 'modules:\n    a:\n        command: x\n',
    path: ['detection', 'modules', 'a', 'metrics', 'rows', 'floor'],
    value: 0.5,
    added: [
      'detection:',
      '    modules:',
      '        a:',
      '            metrics:',
      '                rows:',
      '                    floor: 0.5',
    ],
  },
  {
    what: 'a section apart, where sections are apart',
    text: 'a: 1\n\nb:\n  c: 2',
    path: ['git', 'okEvery'],
    value: '1h',
    added: ['', 'git:', '  okEvery: 1h'],
  },
  {
    what: 'beside neighbours in braces, in braces',
    text: 'metrics:\n  rows: { judge: false } # none\n  # last word\n',
    path: ['metrics', 'memoryMb', 'floor'],
    value: 20,
    added: ['  memoryMb: { floor: 20 }'],
  },
  {
    what: 'into braces, over an alias',
    text: 'a: &x { b: 1 }\nc: {d: 1, e: *x}\n',
    path: ['c', 'e'],
    value: 2,
    removed: ['c: {d: 1, e: *x}'],
    added: ['c: {d: 1, e: 2}'],
  },
  {
    what: 'into braces of several lines with a comma at their end',
    text: 'a: {\n  b: 1, # one\n}\n',
    path: ['a', 'c'],
    value: 'x, y',
    removed: ['  b: 1, # one'],
    added: ['  b: 1, c: "x, y", # one'],
  },
  {
    what: 'into empty braces',
    text: 'a: {} # none\n',
    path: ['a', 'b', 'c'],
    value: true,
    removed: ['a: {} # none'],
    added: ['a: { b: { c: true } } # none'],
  },
  {
    what: 'into JSON, as JSON',
    text: '{"modules":{"a":{"command":"x"}}}',
    path: ['modules', 'a', 'timeout'],
    value: '1m',
    removed: ['{"modules":{"a":{"command":"x"}}}'],
    added: ['{"modules":{"a":{"command":"x", "timeout": "1m"}}}'],
  },
  {
    what: 'a key without a value gets one',
    text: 'a: # not yet\nb: 1\n',
    path: ['a'],
    value: 5,
    removed: ['a: # not yet'],
    added: ['a: 5 # not yet'],
  },
  {
    what: 'a key without a value becomes a mapping',
    text: 'a:\n  history: # short\n  b: 1\n',
    path: ['a', 'history', 'runs'],
    value: 5,
    added: ['    runs: 5'],
  },
  {
    what: 'null becomes a mapping',
    text: 'a: ~ # nothing\n',
    path: ['a', 'b'],
    value: 5,
    removed: ['a: ~ # nothing'],
    added: ['a: { b: 5 } # nothing'],
  },
  {
    what: 'after a block text',
    text: 'a:\n  b: |\n    one\n    two\n\nc: 1\n',
    path: ['a', 'd'],
    value: 5,
    added: ['  d: 5'],
  },
  {
    what: 'after a block text that keeps its empty lines',
    text: 'a:\n  b: |+\n    one\n\n\nc: 1\n',
    path: ['a', 'd'],
    value: 5,
    added: ['  d: 5'],
  },
  {
    what: 'in a list',
    text: 'stages:\n- name: a\n  until: 1h\n- { name: b }\n',
    path: ['stages', 0, 'until'],
    value: '2h',
    removed: ['  until: 1h'],
    added: ['  until: 2h'],
  },
  {
    what: 'a new key in a list of mappings',
    text: 'stages:\n  - name: a\n  - name: b\n',
    path: ['stages', 0, 'until'],
    value: '2h',
    added: ['    until: 2h'],
  },
  {
    what: 'between the marks of a document',
    text: '---\na:\n  b: 1\n...\n',
    path: ['c'],
    value: 1,
    added: ['c: 1'],
  },
  {
    what: 'a value with an anchor that nobody uses keeps it',
    text: 'a: &here 1\nb: 2\n',
    path: ['a'],
    value: 3,
    removed: ['a: &here 1'],
    added: ['a: &here 3'],
  },
  {
    what: 'a text of two lines becomes one of one line',
    text: 'a: one\n  two # c\nb: 2\n',
    path: ['a'],
    value: 'three',
    removed: ['a: one', '  two # c'],
    added: ['a: three # c'],
  },
  {
    what: 'keys that look like something else',
    text: 'env:\n  A: x\n',
    path: ['env', 'null'],
    value: '~',
    added: ['  "null": "~"'],
  },
];

for (const { what, text, path, value, removed = [], added } of CASES) {
  test(`set in a YAML text: ${what}`, () => {
    const edited = editedText(text, path, value);
    assert.ok(edited !== null, 'it can be done');
    assert.deepEqual(diff(text, edited), { removed, added });
    assert.equal(editedText(edited, path, value), edited, 'a second time there is nothing to do');
  });
}

test('what cannot be changed alone is refused', () => {
  const refused: [string, Path, Settable][] = [
    ['a: &x 1\nb: *x\n', ['a'], 2], // b would change as well
    ['a: &x { c: 1 }\nb: *x\n', ['b', 'c'], 2],
    ['a: &x { c: 1 }\nb: *x\n', ['a', 'c'], 2],
    ['a: &x { c: 1 }\nb: *x\n', ['b', 'd'], 2],
    ['a: [1, 2]\n', ['a'], 1],
    ['a: { b: 1 }\n', ['a'], 1],
    ['a: [1, 2]\n', ['a', 2], 1],
    ['a: [1, 2]\n', ['a', 'b'], 1],
    ['a: [1, 2]\n', ['a', 'length'], 2],
    ['a: [1, 2]\n', ['a', '__proto__'], 1],
    ['a: 1\n', ['a', 'b'], 1],
    ['a: |\n  text\n', ['a'], 'x'],
    ['? a\n: b: 1\n', ['a', 'c'], 1],
    ['', ['a'], 1],
    ['# nothing\n', ['a'], 1],
    ['a: 1\na: 2\n', ['a'], 3],
    ['a: [\n', ['a'], 3],
    ['a: 1\n', ['a'], '\ud800'],
    ['a: 1\n', ['__proto__'], 3],
    ['a: 1\n', ['a'], Number.NaN],
    ['a: 1\n', [], 3],
  ];
  for (const [text, path, value] of refused) {
    assert.equal(editedText(text, path, value), null, JSON.stringify([text, path, value]));
  }
});

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../watchkeeper.yaml'), 'utf8');

test('in the example each setting can be changed, and only its line is another', () => {
  const changes: [Path, Settable, number, number][] = [
    [['modules', 'collector', 'timeout'], '90s', 1, 1],
    [['modules', 'collector', 'schedule'], '*/5 * * * *', 1, 1],
    [['modules', 'signal-generator', 'schedule'], 'every 20s', 0, 1],
    [['modules', 'backtester', 'retries'], 3, 0, 1],
    [['services', 'market-feed', 'health', 'failures'], 5, 1, 1],
    [['services', 'market-feed', 'env', 'MARKET_FEED_PORT'], '4011', 1, 1],
    [['detection', 'threshold'], 40, 0, 1],
    [['detection', 'modules', 'collector', 'metrics', 'rowsCollected', 'judge'], true, 1, 1],
    [['detection', 'modules', 'collector', 'metrics', 'runtimeSeconds', 'floor'], 3, 0, 1],
    [['detection', 'modules', 'signal-generator', 'metrics', 'runtimeSeconds', 'floor'], 3, 0, 3],
    [['git', 'okEvery'], '2h', 1, 1],
    [['git', 'enabled'], false, 0, 1],
    [['history', 'runs'], 50, 0, 3],
    [['runAtStart'], false, 1, 1],
  ];
  for (const [path, value, removed, added] of changes) {
    const edited = editedText(EXAMPLE, path, value);
    assert.ok(edited !== null, path.join('.'));
    const lines = diff(EXAMPLE, edited);
    assert.deepEqual([lines.removed.length, lines.added.length], [removed, added], path.join('.'));
  }
});

test('many edits one after the other leave a file that says all of them, and every comment', () => {
  const path = (module: string, key: string): Path => ['modules', module, key];
  const edited = ['collector', 'signal-generator', 'backtester'].reduce(
    (text, module) =>
      [
        [path(module, 'timeout'), '5m'],
        [path(module, 'killGrace'), '10s'],
        [['detection', 'modules', module, 'metrics', 'memoryMb', 'floor'], 20],
      ].reduce((before, [at, value]) => editedText(before, at as Path, value as Settable) ?? '', text),
    EXAMPLE,
  );
  const comments = (text: string): string[] => text.match(/#.*/g) ?? [];
  assert.deepEqual(comments(edited), comments(EXAMPLE));
  const { value } = readYaml(edited) as { value: { modules: Record<string, { timeout: string }> } };
  assert.equal(value.modules['collector']?.timeout, '5m');
  assert.equal(editedText(edited, ['modules', 'collector', 'timeout'], '1m')?.includes('timeout: 5m'), true);
});

test('every way to write a tree can be edited', () => {
  const tree = { modules: { a: { command: 'x', retries: 1 }, b: { command: 'y' } }, git: { okEvery: '1h' } };
  for (const style of [0, 1, 2, 3, 4]) {
    const text = textOf(tree, style);
    for (const [path, value] of [
      [['modules', 'a', 'retries'], 2],
      [['modules', 'b', 'timeout'], '1m'],
      [['git', 'enabled'], false],
      [['history', 'runs'], 7],
    ] as [Path, Settable][]) {
      assert.notEqual(editedText(text, path, value), null, text);
    }
  }
});
