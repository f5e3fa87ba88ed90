import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands.ts';
import { VERSION } from '../../src/version.ts';
import { command } from '../helpers/supervisor.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { call } from './called.ts';

test('the commands are those that are promised', () => {
  assert.deepEqual(
    COMMANDS.map(({ name }) => name),
    [
      ...['run', 'once', 'trigger', 'init', 'validate', 'status', 'anomalies', 'detect', 'train'],
      ...[
        'set-baseline',
        'baselines',
        'check-regression',
        'forecast',
        'trends',
        'compare',
        'bottlenecks',
        'report',
        'bench',
        'bisect',
      ],
      ...['export', 'recommend'],
    ],
  );
});

test('the help names every command and goes to standard output', async () => {
  const { code, stdout, stderr } = await call('--help');
  assert.deepEqual([code, stderr], [0, '']);
  for (const { name } of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${name}\\b`, 'm'));
  assert.deepEqual(
    stdout.split('\n').filter(line => line.length > 80),
    [],
    'it fits into 80 columns',
  );
});

for (const { name, options = [], examples = [] } of COMMANDS) {
  test(`the help of ${name} names the workspace, --json, its own options and examples, and does nothing else`, async () => {
    const { code, stdout, stderr } = await call(name, '--help');
    assert.deepEqual([code, stderr], [0, '']);
    for (const part of [
      '--root <DIR>',
      '--json',
      '--help',
      ...options.map(([flags]) => flags),
      ...examples,
    ]) {
      assert.ok(stdout.includes(part), `${part} is not in ${stdout}`);
    }
  });
}

test('the version is told', async () => {
  assert.deepEqual(await call('--version'), { code: 0, stdout: `${VERSION}\n`, stderr: '' });
});

for (const [what, argv, said] of [
  ['a command that does not exist', ['statsu'], /there is no command 'statsu'/],
  ['an option that does not exist', ['status', '--jsn'], /unknown option '--jsn'/],
  ['an argument too many', ['status', 'collector'], /too many arguments/],
  ['no module to trigger', ['trigger'], /missing required argument/],
  ['an option without its value', ['run', '--iterations'], /argument missing/],
  ['no iteration at all', ['run', '--iterations', '0'], /a whole number from 1 on/],
  ['half an iteration', ['run', '--iterations', '1.5'], /a whole number from 1 on/],
] as const) {
  test(`${what} is a usage error, told on standard error`, async () => {
    const { code, stdout, stderr } = await call(...argv);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, said);
  });
}

test('the real program answers a usage error as well', async t => {
  const { code, stdout, stderr } = await command(t, temporaryFolder(t), ['once', '--nonsense']);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /--nonsense/);
});
