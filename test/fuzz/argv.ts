import { COMMANDS } from '../../src/cli/commands.ts';
import { fc } from '../helpers/properties.ts';
import { anyText } from './any-text.ts';

/** Names, paths and numbers that nobody expects as an argument. */
export const ODD_TEXT = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '-',
      '--',
      '---',
      '-1',
      '0',
      '1',
      '1e9',
      '0x10',
      'NaN',
      'Infinity',
      '9'.repeat(400),
      '1.5',
      '1_0',
    ],
  ),
  fc.constantFrom(
    ...[
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'prototype',
      'then',
      'undefined',
      'null',
      'help',
    ],
  ),
  fc.constantFrom(
    ...[
      '\u001b[31mred',
      '\u001b]0;title\u0007',
      '\u009b2J',
      'a\rb',
      '\u0007',
      '\u0008',
      '\u202egnp',
      'a\nb',
      'a\n    b',
    ],
  ),
  fc.constantFrom(
    ...[
      'x'.repeat(10_000),
      '%s%n',
      '$(id)',
      '`id`',
      '*',
      '~',
      'a,b',
      'é',
      '😀',
      '\ufffd',
      '=',
      'a=b',
      '\u2028',
    ],
  ),
  fc.constantFrom(
    ...['24h', '7d', '1h30m', '-24h', '99999999999999999999d', '24', 'h', '1e3d', '0', '0.0000001s', '24 h'],
  ),
  anyText(8),
);

/** Folders in which nothing can be made, whoever runs this. */
const NO_FOLDER = fc.oneof(
  fc.constantFrom(
    ...[
      '/dev/null/x',
      '/proc/self/x',
      '/proc/none/x',
      '/dev/null',
      'file',
      'file/x',
      `${'d'.repeat(300)}`,

      `/dev/null/${'x/'.repeat(3_000)}`,
    ],
  ),
  ODD_TEXT.map(text => `/dev/null/${text}`),
);

const COMMAND = fc.oneof(
  {
    weight: 6,
    // Not init, which writes wherever it is called.
    arbitrary: fc.constantFrom(...COMMANDS.map(({ name }) => name).filter(name => name !== 'init'), 'help'),
  },
  { weight: 1, arbitrary: ODD_TEXT },
);

/** The options of all commands that take a value. */
const WITH_VALUE = [
  '--iterations',
  '--module',
  '--since',
  '--period',
  '--config',
  '--value',
  '--apply',
  '--format',
  '--until',
  '--runs',
  '--warmup',
  '--suite',
  '--metric',
  '--good',
  '--bad',
  '--threshold',
  '--max-runs',
  '--runs-per-step',
  '--prepare',
  '--link',
  '--seed',
  '--from-runs',
  '--from',
  '--to',
  '--runtime',
  '--cpu',
  '--memory',
  '--latency',
  '--recent',
  '--against',
  '--degradation-threshold',
  '--ahead',
  '--reaches',
  '--level',
  '--model',
  '--window',
  '--bucket',
  '--by',
];

const FLAG = fc.constantFrom(
  ...WITH_VALUE,
  ...['--json', '--wait', '--fail-on-regression', '--root', '--help', '-h', '--version', '-V', '--'],
  ...[
    '--jsonx',
    '--unknown',
    '-x',
    '-abc',
    '--__proto__',
    '--constructor',
    '--no-json',
    '--root=',
    '--json=1',
    '--iterations=',
    '--since=',
  ],
);

const VALUE_FLAG = fc.constantFrom(...WITH_VALUE, '--root', '--unknown', '--json', '--constructor');

/** Where `export` and `report` may write: only with these, and never with any other text, as it writes where it is told to. */
const OUTPUT: fc.Arbitrary<string[]> = fc
  .constantFrom(
    ...[
      '',
      '-',
      '.',
      'file',
      'file/x',
      'new.csv',
      'new.parquet',
      'watchkeeper.yaml',
      '/dev/null',
      '/dev/full',
    ],
    ...['/dev/null/x', '/proc/self/x', '/dev/stdout', 'a\u001b[31m.json', 'd'.repeat(300)],
  )
  .chain(file => fc.constantFrom<string[]>(['--output', file], [`--output=${file}`]));

const part: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 3, arbitrary: FLAG.map(flag => [flag]) },
  { weight: 3, arbitrary: ODD_TEXT.map(text => [text]) },
  { weight: 2, arbitrary: fc.tuple(VALUE_FLAG, ODD_TEXT) },
  { weight: 2, arbitrary: fc.tuple(VALUE_FLAG, ODD_TEXT).map(([flag, text]) => [`${flag}=${text}`]) },
  { weight: 1, arbitrary: OUTPUT },
  { weight: 1, arbitrary: NO_FOLDER.map(folder => ['--root', folder]) },
  { weight: 1, arbitrary: ODD_TEXT.map(text => [`--${text}`]) },
);

const parts = fc.array(part, { maxLength: 4 }).map(all => all.flat());

/** Command lines of all commands but `init`, and of some that are none. */
export const ARGV: fc.Arbitrary<string[]> = fc
  .oneof(
    { weight: 6, arbitrary: fc.tuple(COMMAND, parts).map(([command, rest]) => [command, ...rest]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(parts, COMMAND, parts)
        .map(([before, command, after]) => [...before, command, ...after]),
    },
    { weight: 1, arbitrary: parts },
  )
  .filter(argv => !argv.includes('init'));

/** Of `init`: it makes folders, so it is only given such as lie in the current one, or where none can be. */
export const INIT_ARGV: fc.Arbitrary<string[]> = fc
  .tuple(
    fc.oneof(NO_FOLDER, fc.constantFrom('.', 'new', 'a/b/c', '__proto__', 'x\u001b[31m', 'a b', 'file', '')),
    fc.array(fc.constantFrom('--json', '--unknown', '--root=/dev/null/x', '--help', 'second'), {
      maxLength: 2,
    }),
  )
  .map(([folder, rest]) => ['init', folder, ...rest]);
