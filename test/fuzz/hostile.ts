import assert from 'node:assert/strict';
import { settingsFrom } from '../../src/config/load.ts';

/**
 * A program: hostile files, one after the other. Whoever starts it bounds its memory and its time, and says how large they are:
 * 1 for nearly as large as is taken.
 */

const SIZE = Number(process.argv[2] ?? 1);
const BYTES = 999_000;

const full = (part: string, bytes = BYTES): string => part.repeat(Math.floor((SIZE * bytes) / part.length));
const modules = (count: number, keys: (index: number) => string): string =>
  `modules:\n${Array.from({ length: SIZE * count }, (_, index) => `  m${index}: {command: x${keys(index)}}\n`).join('')}`;
const stairs = (sign: string): string =>
  Array.from({ length: 1_390 }, (_, depth) => ' '.repeat(depth) + sign).join('\n');

const LAUGHS = [...'bcdefghi'].map((name, index) => {
  const lower = `*${'abcdefgh'.charAt(index)}`;
  return `${name}: &${name} [${Array(9).fill(lower).join(', ')}]\n`;
});

const FILES: Record<string, string> = {
  'a billion laughs': `a: &a [${Array(9).fill('ha').join(', ')}]\n${LAUGHS.join('')}`,
  'an alias of itself': 'a: &a [*a, *a]\nb: &b {c: *b}\n',
  'as many aliases as signs allow': `a: &a x\nb: [${full('*a,', 290_000)}]`,
  'brackets, opened': full('[', 190_000),
  'brackets, opened and closed': full('[', 95_000) + full(']', 95_000),
  'keys in keys': full('{a: ', 390_000),
  'lists in lists': full('- ', 390_000),
  'stairs of keys': stairs('a:'),
  'stairs of lists': stairs('-'),
  tags: full('! ', 390_000),
  anchors: full('&a ', 580_000),
  'escapes that are none': `"${full('\\q', 390_000)}"`,
  'empty lines': full('\n'),
  'carriage returns': full('\r'),
  documents: full('---\n'),
  'one long line': `modules: {a: {command: "${full('x')}"}}`,
  'one long plain text': `modules: {a: {command: ${full('x y ')}}}`,
  'a text of many lines': `"${full('a\n')}"`,
  'a cron field of many parts': `schedule: "${full('0-59,', 900_000)}1 * * * *"`,
  'a schedule of spaces': `schedule: "${full(' ')}x"`,
  'an interval of many digits': `schedule: "every ${full('1')}s"`,
  'a time zone without end': `timezone: ${full('A/')}`,
  'a glob of many braces': `modules: {a: {command: x, watch: ["${full('a/{', 990)}"]}}`,
  'a branch of many parts': `git: {ref: "refs/heads/${full('a/')}"}`,
  'the same key': full('a: 1\n'),
  'unknown keys': Array.from({ length: SIZE * 50_000 }, (_, index) => `scheduel${index}: 1\n`).join(''),
  'wrong names': modules(1, () => '').concat(
    Array.from({ length: SIZE * 30_000 }, (_, n) => `  M${n}: 1\n`).join(''),
  ),
  'modules, each after all others': modules(
    200,
    index => `, after: [${Array.from({ length: 199 }, (_, n) => `m${(index + n + 1) % 200}`).join()}]`,
  ),
  'a chain of modules': modules(10_000, index => `, after: [m${index + 1}]`),
  'working folders of many parts': modules(200, index => `, cwd: "${full('a/', 3_900)}${index}"`),
};

let slowest = { name: '', ms: 0 };
for (const [name, text] of Object.entries(FILES)) {
  const start = performance.now();
  const loaded = await settingsFrom('/', { text });
  if (!loaded.ok) assert.ok(loaded.problems.length > 0 && loaded.problems.length <= 101, name);
  const ms = performance.now() - start;
  if (ms > slowest.ms) slowest = { name, ms };
}
const megabytes = Math.round(process.resourceUsage().maxRSS / 1000);
process.stdout.write(
  `${Object.keys(FILES).length} files, at most ${megabytes} MB, slowest ${slowest.name} (${Math.round(slowest.ms)} ms)\n`,
);
