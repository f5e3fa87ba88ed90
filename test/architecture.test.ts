import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { test } from 'node:test';

/**
 * The shape of the code, as src/README.md draws it, checked: which part may import which, what the pure parts may touch, and what
 * no file may contain. Each check is a function from files to problems, so that a planted one shows that it finds some.
 */

const ROOT = join(import.meta.dirname, '..');

interface SourceFile {
  /** Relative to the root, with `/`. */
  path: string;
  text: string;
}

/** What the folders at the edge share; they never import one another. */
const EDGE = [
  'glossary',
  'errors',
  'stats',
  'plan',
  'judge',
  'baseline',
  'process-identity',
  'durable',
  'remove-tree',
  'json',
  'labels',
  'metric-name',
  'history-reader',
  'summary',
  'rounding',
  'version',
  'buckets',
  'schedule-text',
  'duration-text',
];
const EDGES = ['config', 'run', 'store', 'git', 'trigger', 'series', 'system', 'intake'];

/** What each file that joins edges for the loop may use; only `compose` joins these in turn. */
const JOINT = [...EDGE, ...EDGES, 'supervise'];

const ALL = '*';

/** What each part may import beside itself. A part is a folder of src/, or a file in it, without its ending. */
const MAY_IMPORT: Record<string, string[] | typeof ALL> = {
  glossary: [],
  errors: [],
  version: [],
  'process-identity': ['glossary', 'errors'],
  durable: [],
  'remove-tree': [],
  json: [],
  labels: [],
  'metric-name': ['json'],
  'history-reader': ['baseline', 'glossary'],
  summary: ['glossary'],
  rounding: ['stats', 'glossary'],
  stats: ['glossary'],
  judge: ['stats', 'glossary', 'errors'],
  plan: ['stats', 'glossary', 'errors'],
  detect: ['judge', 'stats', 'glossary', 'errors'],
  forecast: ['detect', 'stats'],
  report: ['plan', 'stats', 'glossary'],
  questions: [
    'baseline',
    'bottlenecks',
    'buckets',
    'comparison',
    'duration-text',
    'errors',
    'forecast',
    'history-reader',
    'benchmark',
    'json',
    'judge',
    'labels',
    'metric-name',
    'recommend',
    'regression',
    'report',
    'stats',
    'trend',
    'glossary',
  ],
  regression: ['judge', 'stats', 'glossary', 'errors'],
  baseline: ['detect', 'regression', 'stats', 'glossary', 'errors'],
  trend: ['stats', 'glossary', 'errors'],
  comparison: ['regression', 'stats', 'glossary', 'errors'],
  bottlenecks: ['stats', 'glossary', 'errors'],
  export: ['judge', 'labels', 'glossary', 'errors', 'version'],
  benchmark: ['stats', 'glossary'],
  bisect: ['stats', 'glossary'],
  ...Object.fromEntries(EDGES.map(part => [part, EDGE])),
  supervise: ['plan', 'judge', 'detect', 'stats', 'glossary', 'errors', 'summary', 'rounding'],
  commits: JOINT,
  publish: ['commits', ...JOINT],
  launch: JOINT,
  sampling: JOINT,
  'follow-requests': JOINT,
  follow: ['follow-requests', ...JOINT],
  'service-restarts': JOINT,
  'supervisor-log': JOINT,
  upkeep: JOINT,
  clock: ['glossary'],
  reading: ['clock', ...JOINT],
  'shown-store': ['reading', ...JOINT],
  mailbox: ['clock', ...JOINT],
  compose: [
    ...JOINT,
    'clock',
    'mailbox',
    'commits',
    'publish',
    'launch',
    'follow',
    'follow-requests',
    'sampling',
    'detection',
    'trainer',
    'service-restarts',
    'supervisor-log',
    'upkeep',
  ],
  recommend: ['duration-text', 'metric-name', 'plan', 'judge', 'stats', 'glossary', 'errors'],
  recommending: ['recommend', ...JOINT],
  models: ['detect', ...JOINT],
  trainer: ['detect', 'models', 'training', ...JOINT],
  'kept-detection': ['detect', ...JOINT],
  detection: ['detect', 'kept-detection', 'trainer', ...JOINT],
  trials: ['clock', 'launch', 'questions', ...JOINT],
  benching: ['clock', 'questions', 'reading', 'trials', ...JOINT],
  bisecting: ['bisect', 'trials', ...JOINT],
  'own-types': [],
  given: [],
  training: ['detect', 'errors', 'own-types'],
  buckets: ['glossary'],
  'duration-text': [],
  'schedule-text': ['duration-text', 'glossary'],
  reporting: ['questions', 'recommend', 'recommending', 'report', ...JOINT],
  exporting: ['export', ...JOINT],
  'workspace-questions': [
    'baseline',
    'bisecting',
    'export',
    'questions',
    'recommend',
    'report',
    'trials',
    ...JOINT,
  ],
  'workspace-arguments': ['export', 'questions', 'bisecting', 'trials', 'workspace-questions', ...JOINT],
  'workspace-door': ['workspace-arguments', 'errors'],
  workspace: [
    ...[
      'baseline',
      'benching',
      'bisecting',
      'export',
      'exporting',
      'questions',
      'recommend',
      'report',
      'trials',
    ],
    ...[
      'given',
      'reporting',
      'reading',
      'shown-store',
      'workspace-arguments',
      'workspace-door',
      'workspace-questions',
    ],
    ...JOINT,
  ],
  'oldest-node': [],
  library: ['oldest-node', 'own-types', 'workspace', 'errors'],
  cli: ALL,
  supervisor: ALL,
  modules: [],
};

const PURE = [
  'glossary',
  'errors',
  'stats',
  'judge',
  'plan',
  'detect',
  'forecast',
  'summary',
  'rounding',
  'json',
  'report',
  'regression',
  'baseline',
  'trend',
  'comparison',
  'bottlenecks',
  'benchmark',
  'bisect',
  'recommend',
  'labels',
  'metric-name',
  'history-reader',
  'export',
];

/** The only packages that a pure part may import, and the only names of them: they parse or encode, and do nothing else. */
const PURE_PACKAGES: Record<string, Record<string, string[]>> = {
  plan: { 'node-cron': ['parse', 'ParsedFields', 'validateDetailed'] },
  export: { 'hyparquet-writer': ['ByteWriter', 'ParquetWriter', 'SchemaElement'] },
};

const LONGEST_FILE = 300;

const CODE = ['.ts', '.cjs', '.js', '.mjs'];
const TEXT = [...CODE, '.json', '.yaml', '.yml', '.md', '.pl', '.sh'];
const NOT_OURS = ['node_modules', '.git', 'data', 'logs', 'coverage'];

// ---- the checks --------------------------------------------------------------------------------------------

interface Import {
  specifier: string;
  /** The imported names; null where they are not named (a namespace, a default, a dynamic import). */
  names: string[] | null;
}

function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  const named = code.matchAll(
    /^\s*(?:import|export)\s+(?:type\s+)?([^'"`;=()]*?)\s*\bfrom\s*['"]([^'"]+)['"]/gm,
  );
  const others = code.matchAll(/(?:^\s*import|\bimport\s*\(|\brequire\s*\()\s*['"]([^'"]+)['"]/gm);
  return [
    ...[...named].map(([, clause = '', specifier = '']) => ({ specifier, names: namesIn(clause) })),
    ...[...others].map(([, specifier = '']) => ({ specifier, names: null })),
  ];
}

/** Comments that begin a line; elsewhere the signs may be part of a glob. */
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '');
}

function namesIn(clause: string): string[] | null {
  const list = /^\{([\s\S]*)\}$/.exec(clause.trim())?.[1];
  if (list === undefined) return null;
  const names = list.split(',').map(
    each =>
      each
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+/)[0] ?? '',
  );
  return names.filter(name => name !== '');
}

/** `src/judge/words.ts` -> judge, `src/judge.ts` -> judge, `modules/collector.ts` -> modules, `supervisor.ts` -> supervisor */
function partOf(path: string): string {
  const [top = '', second] = path.split('/');
  return (top === 'src' && second !== undefined ? second : top).replace(/\.[a-z]+$/, '');
}

function targetOf(path: string, specifier: string): string {
  return normalize(join(dirname(path), specifier))
    .split(sep)
    .join('/');
}

function directionProblems({ path, text }: SourceFile): string[] {
  const part = partOf(path);
  const allowed = Object.hasOwn(MAY_IMPORT, part) ? MAY_IMPORT[part] : undefined;
  if (allowed === undefined) return [`${path}: ${part} is in no row of the table of parts`];
  return importsOf(text)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .flatMap(({ specifier }) => {
      const target = targetOf(path, specifier);
      if (target === 'package.json' && part === 'version') return [];
      if (target === 'supervisor.ts') return [`${path}: nothing imports supervisor.ts`];
      if (!CODE.includes(extname(target)))
        return [`${path}: ${specifier} does not end in a code file's ending`];
      const other = partOf(target);
      if (other === part) return [];
      if (!target.startsWith('src/')) return [`${path}: ${specifier} lies outside of src/`];
      return allowed === ALL || allowed.includes(other) ? [] : [`${path}: ${part} must not import ${other}`];
    });
}

function purityProblems({ path, text }: SourceFile): string[] {
  const part = partOf(path);
  if (!PURE.includes(part)) return [];
  const impure = importsOf(text)
    .filter(({ specifier }) => !specifier.startsWith('.'))
    .filter(({ specifier, names }) => {
      const allowed = PURE_PACKAGES[part]?.[specifier] ?? [];
      return names === null || names.some(name => !allowed.includes(name));
    })
    .map(({ specifier }) => `${path}: pure code must not import ${specifier}`);
  const effects = withoutComments(text).match(
    /\b(?:Date\.now|Math\.random|performance\.now|process|console|setTimeout|fetch)\b(?=[.(])/g,
  );
  return [...impure, ...(effects ?? []).map(effect => `${path}: pure code must not use ${effect}`)];
}

function formProblems({ path, text }: SourceFile): string[] {
  const lines = text.split('\n').length - 1;
  const problems: string[] = [];
  if (/^\s*export\s+default\b|\bas\s+default\b/m.test(text)) problems.push(`${path}: no default exports`);
  if (/(^|\/)index\.[cm]?[jt]s$/.test(path)) problems.push(`${path}: no index files`);
  if (/^\s*export\s+(?:type\s+)?\*/m.test(text))
    problems.push(`${path}: no barrels: export * hides where a name lives`);
  if (path.startsWith('src/') && lines > LONGEST_FILE) {
    problems.push(`${path}: ${lines} lines; more than ${LONGEST_FILE} are two ideas`);
  }
  return problems;
}

const HOME = '(?:root|home\\/(?!user\\/|you\\/|me\\/)[a-z][\\w.-]*|Users\\/(?!you\\/|me\\/)\\w[\\w.-]*|work)';
const MACHINE_PATH = new RegExp(`(?:^|[\\s"'\`(=:,[])(\\/${HOME}\\/)`, 'm');

function wordProblems({ path, text }: SourceFile): string[] {
  const found = MACHINE_PATH.exec(text)?.[1];
  const problems = found === undefined ? [] : [`${path}: ${found} is a path of one machine`];
  if (/^.*\t/m.test(text)) problems.push(`${path}: tabs; indent with spaces, write \\t in strings`);
  return problems;
}

// ---- the files ---------------------------------------------------------------------------------------------

function filesIn(folder: string, endings: readonly string[]): SourceFile[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.includes(path) ? [] : filesIn(path, endings);
    if (!entry.isFile() || !endings.includes(extname(entry.name))) return [];
    return [{ path, text: readFileSync(join(ROOT, path), 'utf8') }];
  });
}

const everything = filesIn('', TEXT);
const code = everything.filter(
  ({ path }) => CODE.includes(extname(path)) && /^(?:src\/|modules\/|supervisor\.ts$)/.test(path),
);

function problemsOf(check: (file: SourceFile) => string[], files: SourceFile[]): string[] {
  return files.flatMap(check);
}

function planted(path: string, text: string): SourceFile {
  return { path, text };
}

// ---- the tests ---------------------------------------------------------------------------------------------

test('the checks see the code: its parts, its imports', () => {
  const parts = new Set(code.map(({ path }) => partOf(path)));
  for (const part of [
    'glossary',
    'errors',
    'stats',
    'judge',
    'plan',
    'config',
    'run',
    'store',
    'git',
    'supervise',
    'cli',
  ]) {
    assert.ok(parts.has(part), `no file of ${part} was seen`);
  }
  const judge = code.find(({ path }) => path === 'src/judge.ts');
  assert.ok(judge !== undefined);
  const seen = importsOf(judge.text).map(({ specifier }) => specifier);
  assert.deepEqual(seen, [
    ...['detection-settings', 'event', 'judgement', 'run'].map(topic => `./glossary/${topic}.ts`),
    ...['./judge/metric.ts', './judge/values.ts', './judge/words.ts'],
  ]);
  const all = code.flatMap(({ text }) => importsOf(text));
  assert.ok(all.length > 100 && everything.length > code.length);
});

test('imports are found in every form, and not in comments', () => {
  const text = `
    import type { A } from './a.ts';
    import {
      b,
      type C as D,
    } from "./b.ts";
    import * as everything from 'c';
    import thing from 'd';
    import 'e';
    export { f } from './f.ts';
    const g = await import('g');
    const h = require('h');
    // import { no } from 'comment';
    /** @example import { no } from 'example' */
    const text = 'import nothing';
  `;
  assert.deepEqual(importsOf(text), [
    { specifier: './a.ts', names: ['A'] },
    { specifier: './b.ts', names: ['b', 'C'] },
    { specifier: 'c', names: null },
    { specifier: 'd', names: null },
    { specifier: './f.ts', names: ['f'] },
    { specifier: 'e', names: null },
    { specifier: 'g', names: null },
    { specifier: 'h', names: null },
  ]);
});

test('imports flow one way', () => {
  assert.deepEqual(problemsOf(directionProblems, code), []);
});

test('an import against the flow is found', () => {
  const wrong = [
    planted('src/stats/mean.ts', "import { judgeRun } from '../judge.ts';"),
    planted('src/store/a.ts', "import type { B } from '../run/b.ts';"),
    planted('src/config/checks/a.ts', "import { b } from '../../store/b.ts';"),
    planted('src/judge/a.ts', "import { b } from '../plan/b.ts';"),
    planted('src/cli/a.ts', "import { main } from '../../supervisor.ts';"),
    planted('src/run/a.ts', "const b = await import('../supervise.ts');"),
    planted('src/run/a.ts', "import { b } from './b';"),
    planted('src/run/a.ts', "import { b } from '../../test/helpers/until.ts';"),
    planted('modules/collector.ts', "import { mean } from '../src/stats/mean.ts';"),
    planted('src/newcomer/a.ts', ''),
    planted('src/constructor.ts', ''),
  ];
  for (const file of wrong) assert.equal(directionProblems(file).length, 1, `${file.path}: ${file.text}`);
  const right = [
    planted('src/supervise/a.ts', "import { b } from './b.ts'; import { c } from '../plan/c.ts';"),
    planted('src/supervise.ts', "import { b } from './supervise/b.ts';"),
    planted('src/run/a.ts', "import { pino } from 'pino'; import { b } from 'node:fs';"),
    planted('modules/collector.ts', "import { b } from './b.ts';"),
    planted('supervisor.ts', "import { main } from './src/cli/main.ts';"),
  ];
  assert.deepEqual(problemsOf(directionProblems, right), []);
});

test('pure parts import nothing that acts, and use no clock, no chance and no process', () => {
  assert.deepEqual(problemsOf(purityProblems, code), []);
});

test('an effect in a pure part is found', () => {
  const wrong = [
    planted('src/plan/a.ts', "import { readFileSync } from 'node:fs';"),
    planted('src/plan/a.ts', "import { parse, schedule } from 'node-cron';"),
    planted('src/plan/a.ts', "import cron from 'node-cron';"),
    planted('src/judge.ts', "import { parse } from 'node-cron';"),
    planted('src/stats/a.ts', 'const now = Date.now();'),
    planted('src/detect/a.ts', 'const chance = Math.random();'),
    planted('src/judge/a.ts', "const home = process.env['HOME'];"),
  ];
  for (const file of wrong) assert.equal(purityProblems(file).length, 1, `${file.path}: ${file.text}`);
  assert.deepEqual(purityProblems(planted('src/plan/a.ts', "import { parse } from 'node-cron';")), []);
  assert.deepEqual(purityProblems(planted('src/run/a.ts', "import { readFileSync } from 'node:fs';")), []);
});

test('no default exports, no barrels, no long files', () => {
  assert.deepEqual(problemsOf(formProblems, code), []);
});

test('a default export, a barrel and a long file are found', () => {
  const wrong = [
    planted('src/run/a.ts', 'export default function a() {}'),
    planted('src/run/a.ts', 'export { a as default };'),
    planted('src/run/index.ts', ''),
    planted('src/run/a.ts', "export * from './b.ts';"),
    planted('src/run/a.ts', 'x\n'.repeat(LONGEST_FILE + 1)),
  ];
  for (const file of wrong) assert.equal(formProblems(file).length, 1, file.text.slice(0, 40));
  assert.deepEqual(formProblems(planted('src/run/a.ts', 'x\n'.repeat(LONGEST_FILE))), []);
});

test('no file holds a path of the machine that it was written on, or a tab', () => {
  assert.deepEqual(problemsOf(wordProblems, everything), []);
});

test('a path of a machine and a tab are found', () => {
  for (const path of ['root', 'home/anna', 'Users/Anna', 'work']) {
    assert.equal(wordProblems(planted('README.md', `see "/${path}/data" there`)).length, 1, path);
  }
  assert.equal(wordProblems(planted('src/run/a.ts', 'if (a) {\n\treturn;\n}')).length, 1);
  for (const text of [
    'https://example.org/root/1',
    '/home/user/pipeline',
    'src/root/a.ts',
    '/usr/bin/env node',
  ]) {
    assert.deepEqual(wordProblems(planted('README.md', text)), [], text);
  }
});
