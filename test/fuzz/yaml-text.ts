import { stringify } from 'yaml';
import { fc } from '../helpers/properties.ts';
import { anyText } from './any-text.ts';
import { YAML_SIGNS } from './yaml-signs.ts';

/** A value that must never be repeated in a message: what stands in a configuration may be a secret. */
export const SECRET = 'Zq7_SECRET';

export type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree };

const NAME = fc.constantFrom('a', 'b', 'c', 'collector', 'signal-generator');
const DURATION = fc.oneof(
  fc.constantFrom('500ms', '1s', '30s', '2m', '1h', '7d', '1m30s', '1.5s'),
  fc.stringMatching(/^[1-9]\d?(ms|s|m|h)$/),
);
const SCHEDULE = fc.oneof(
  fc.constantFrom(
    'every 1s',
    'every 30s',
    '@hourly',
    '@daily',
    'none',
    '*/5 * * * *',
    '0 0 29 2 *',
    '0 9 LW * ?',
  ),
  fc
    .tuple(
      fc.nat(59),
      fc.nat(23),
      fc.integer({ min: 1, max: 28 }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(7),
    )
    .map(fields => fields.join(' ')),
);
const TIMEZONE = fc.constantFrom(
  ...['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Pacific/Apia', 'Etc/GMT+12'],
);
const GLOB = fc.constantFrom('data/market/*.json', 'params.json', 'in/**/*.csv', 'a/{b,c}/*', 'x?');
const small = fc.integer({ min: 1, max: 9 });
const number = fc.oneof(small, fc.double({ min: 0, max: 1e6, noNaN: true }));
const floors = fc.dictionary(fc.constantFrom('runtimeSeconds', 'rows', 'constructor', 'toString'), number);

const ARGUMENT_SIGN = fc.constantFrom('a', ' ', '"', "'", '\\', '$', 'é', '😀', '\u2028', ':', '#');

const command = {
  command: fc.oneof(
    fc.constantFrom('true', 'node modules/collector.ts', 'sh -c "exit 1"', ['echo', 1, true]),
    fc
      .array(fc.string({ unit: ARGUMENT_SIGN, maxLength: 6 }), { minLength: 1, maxLength: 3 })
      .map(args => ['x', ...args]),
  ),
  cwd: fc.constantFrom('.', 'modules', './a/b'),
  env: fc.dictionary(
    fc.constantFrom('A', 'PORT', 'b.c-d', 'TOKEN'),
    fc.constantFrom(SECRET, 1, true, '0800', 1e21),
  ),
  passEnv: fc.subarray(['HOME', 'LANG', 'HTTP_PROXY']),
  killGrace: DURATION,
};

const module = fc.record(
  {
    ...command,
    schedule: SCHEDULE,
    after: fc.subarray(['a']),
    timeout: DURATION,
    retries: fc.nat(5),
    retryDelay: DURATION,
    watch: fc.array(GLOB, { maxLength: 2 }),
  },
  { requiredKeys: ['command'] },
);

const service = fc.record(
  {
    ...command,
    health: fc.record(
      {
        http: fc.constantFrom('http://127.0.0.1:4010/health', 'https://example.org'),
        every: fc.constantFrom('1s', '1m'),
        failures: small,
      },
      { requiredKeys: ['http'] },
    ),
    restartDelay: fc.constantFrom('10ms', '1s', '2.5s'),
    maxRestartDelay: fc.constantFrom('1h', '1m'),
  },
  { requiredKeys: ['command'] },
);

const rule = fc.record({ threshold: number, window: small, recoveryRuns: small }, { requiredKeys: [] });

/** What a user could write; nearly all of it is accepted. */
export const GOOD: fc.Arbitrary<Tree> = fc.record(
  {
    schedule: SCHEDULE,
    timezone: TIMEZONE,
    runAtStart: fc.boolean(),
    modules: fc.tuple(module, fc.dictionary(NAME, module, { maxKeys: 3 })).map(([a, others]) => {
      const { after: _, ...first } = a;
      return { ...others, a: first };
    }),
    services: fc.dictionary(fc.constantFrom('feed', 'proxy'), service, { maxKeys: 2 }),
    detection: fc.record(
      {
        threshold: number,
        window: small,
        floors,
        modules: fc.dictionary(fc.constant('a'), rule, { maxKeys: 1 }),
      },
      { requiredKeys: [] },
    ),
    history: fc.record({ runs: small }),
    git: fc.record(
      {
        enabled: fc.boolean(),
        commitOn: fc.subarray(['ok', 'recovered', 'persisted', 'anomaly', 'error']),
        okEvery: fc.oneof(DURATION, fc.constant(0)),
        ref: fc.constantFrom('current', 'refs/heads/log'),
      },
      { requiredKeys: [] },
    ),
    stages: fc.constantFrom<Tree>(
      [{ name: 'trial', until: 'baseline' }, { name: 'on', until: '1h' }, { name: 'for ever' }],
      [{ name: 'x' }],
    ),
    logs: fc.record(
      { maxSize: fc.constantFrom('1kB', '10MB', '1.5 GB'), files: small },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['modules'], noNullPrototype: true },
) as fc.Arbitrary<Tree>;

/** Values that are wrong nearly everywhere. */
const ODD: fc.Arbitrary<Tree> = fc.oneof(
  fc.constantFrom<Tree>(
    ...[
      null,
      true,
      '',
      ' ',
      '0',
      '\u0000',
      '\uFEFF',
      '\ud800',
      'x\udfff=',
      '\u001b[31m',
      '__proto__',
      '..',
      '/',
      '-1',
    ],
  ),
  fc.constantFrom<Tree>(
    0,
    -0,
    -1,
    0.5,
    1e300,
    1e21,
    2 ** 53,
    -(2 ** 31),
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ),
  fc.constantFrom<Tree>(
    SECRET,
    `${SECRET}=1`,
    `@every ${SECRET}`,
    `every ${SECRET}`,
    `* * ${SECRET} * *`,
    `http://${SECRET}`,
  ),
  fc.constantFrom<Tree>(
    [],
    {},
    [[]],
    [null],
    { a: null },
    ['a', ['a']],
    { command: {} },
    'x'.repeat(100_000),
  ),
  fc.constantFrom<Tree>(
    '99999999999999999d',
    '0.0000001s',
    '1e3s',
    '24d1ms',
    'every 1ms',
    'every 367d',
    '0 0 30 2 *',
    '@reboot',
  ),
  anyText(12),
);

const ODD_KEY = fc.constantFrom(
  ...[
    '__proto__',
    'constructor',
    'toString',
    'prototype',
    '',
    ' ',
    '<<',
    '\u0000',
    'A',
    'é',
    '1',
    'null',
    'command',
    'modules',
  ],
  ...['watch', 'after', 'schedule', 'x'.repeat(70), '\u202e', 'TOKEN=1', '[0]', 'a.b'],
);

/** Signs that make another text of a text. */
const ODD_SIGN = fc.constantFrom(
  ...['\ud800', '\udfff', '\u0000', '\n', '\u001b', '..', '/', '*', ' ', '"', '=', '{', '-'],
);

interface Change {
  at: number;
  kind: 'replace' | 'rename' | 'remove' | 'double' | 'wrap' | 'twist';
  value: Tree;
  key: string;
  sign: string;
}

const CHANGE: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'rename', 'remove', 'double', 'wrap', 'twist', 'twist'),
  sign: ODD_SIGN,
  value: ODD,
  key: ODD_KEY,
});

/** A good configuration with up to three things in it changed. */
export const NEARLY_GOOD: fc.Arbitrary<Tree> = fc
  .tuple(GOOD, fc.array(CHANGE, { maxLength: 3 }))
  .map(([tree, changes]) => changes.reduce(changed, tree));

/** The tree with one of its nodes changed, the one that `at` chooses. */
function changed(tree: Tree, { at, kind, value, key, sign }: Change): Tree {
  let left = at % sizeOf(tree);
  const visit = (node: Tree): Tree => {
    if (left-- === 0) return act(node);
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([name, child]) => [name, visit(child)]));
  };
  const act = (node: Tree): Tree => {
    if (kind === 'wrap') return [node];
    if (kind === 'twist' && typeof node === 'string') return node.slice(0, 1) + sign + node.slice(1);
    if (kind === 'replace' || typeof node !== 'object' || node === null) return value;
    if (Array.isArray(node)) return kind === 'remove' ? node.slice(1) : [...node, ...node, value];
    const [first, ...others] = Object.entries(node);
    if (first === undefined || kind === 'double')
      return Object.fromEntries([...Object.entries(node), [key, value]]);
    return Object.fromEntries(kind === 'rename' ? [[key, first[1]], ...others] : others);
  };
  return visit(tree);
}

function sizeOf(tree: Tree): number {
  if (typeof tree !== 'object' || tree === null) return 1;
  return Object.values(tree).reduce<number>((sum, child) => sum + sizeOf(child), 1);
}

/** The text of a tree in one of the styles of YAML; a few that cannot be written fall back to JSON. */
export function textOf(tree: Tree, style: number): string {
  if (style === 0) return JSON.stringify(tree);
  const options = [
    {},
    { collectionStyle: 'flow' as const, lineWidth: 0 },
    { defaultStringType: 'QUOTE_DOUBLE' as const, indent: 4 },
    { defaultKeyType: 'QUOTE_SINGLE' as const, aliasDuplicateObjects: true },
  ][style % 4];
  return stringify(tree, options);
}

const SNIPPET = fc.constantFrom(
  ...YAML_SIGNS,
  ...['\r\n', '|9', '>-\n'],
  ...[
    '&a ',
    '*a',
    '*a: ',
    '<<: *a\n',
    '!!str ',
    '!!binary ',
    '!x ',
    '!<tag:x> ',
    '%YAML 1.1\n---\n',
    '---\n',
    '...\n',
    '%TAG ! x\n',
  ],
  ...[
    '\u0000',
    '\uFEFF',
    '\u0085',
    '\u2028',
    '\u007f',
    '\u001b]0;x\u0007',
    '\\ud800',
    '"\\ud800"',
    '"\\0"',
    '"\\U0010ffff"',
    '"\\Uffffffff"',
  ],
  ...[
    '0x1F',
    '0o17',
    '1_000',
    '-.inf',
    '.nan',
    '1e999',
    '0800',
    '2026-01-01',
    '~',
    'null',
    'yes',
    'y'.repeat(100_000),
    '['.repeat(500),
  ],
);

type Cut = { at: number; length: number; text: string };

const CUT: fc.Arbitrary<Cut> = fc.record({
  at: fc.nat(),
  length: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(20)),
  text: fc.oneof({ weight: 6, arbitrary: SNIPPET }, fc.constant('')),
});

/** Texts of configurations, good and less good, cut and patched in up to four places. */
export const PATCHED: fc.Arbitrary<string> = fc
  .tuple(NEARLY_GOOD, fc.nat(4), fc.array(CUT, { maxLength: 4 }))
  .map(([tree, style, cuts]) => cuts.reduce(patched, textOf(tree, style)));

function patched(text: string, { at, length, text: added }: Cut): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + added + text.slice(start + length);
}

/** Bytes of a file: a text in some encoding, with some bytes changed, or bytes of chance. */
export const BYTES: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
  fc
    .tuple(
      PATCHED,
      fc.constantFrom('utf8', 'utf16le', 'latin1', 'BOM'),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
    )
    .map(([text, encoding, changes]) => {
      const bytes =
        encoding === 'BOM' ? Buffer.from(`\uFEFF${text}`) : Buffer.from(text, encoding as BufferEncoding);
      for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return bytes;
    }),
);
