import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Called, call } from '../cli/called.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { fc } from '../helpers/properties.ts';
import { ARGV, INIT_ARGV } from './argv.ts';
import { holds } from './property.ts';

failOnLeaks();

const SUPERVISOR = join(import.meta.dirname, '../../supervisor.ts');
const HOME = process.cwd();
const ROOT = realpathSync(mkdtempSync(join(tmpdir(), 'watchkeeper-fuzz-')));

/** A broken configuration: whatever would start a supervisor ends with it. */
before(() => {
  writeFileSync(join(ROOT, 'watchkeeper.yaml'), 'modules: {a: {}}\n');
  writeFileSync(join(ROOT, 'file'), '');
  process.chdir(ROOT);
});
after(() => {
  process.chdir(HOME);
  rmSync(ROOT, { recursive: true });
});

const CONTROL = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const STACK = /^\s+at .*(?:\.ts|\.js|\.mjs|node:)/m;

function check({ code, stdout, stderr }: Called): void {
  assert.ok([0, 1, 2, 3, 4].includes(code), String(code));
  // `validate --json` tells its problems as facts.
  if (code !== 0)
    assert.ok(stderr.trim() !== '' || stdout.includes('"valid": false'), 'a failure says what is wrong');
  assert.doesNotMatch(stderr, STACK, 'for a person, not for a programmer');
}

/** In an empty folder, gone afterwards. */
async function inFolder<T>(act: () => Promise<T>): Promise<T> {
  const folder = join(ROOT, 'init');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), '');
  process.chdir(folder);
  try {
    return await act();
  } finally {
    process.chdir(ROOT);
    rmSync(folder, { recursive: true });
  }
}

test('any command line is answered with an exit code and a message', async t => {
  await holds(t, ARGV, async argv => check(await call(...argv)));
});

test('any command line of init is answered, and makes nothing but what it says', async t => {
  await holds(
    t,
    INIT_ARGV,
    async argv => {
      const folder = join(ROOT, 'init');
      mkdirSync(folder);
      writeFileSync(join(folder, 'file'), '');
      process.chdir(folder);
      try {
        check(await call(...argv));
      } finally {
        process.chdir(ROOT);
        rmSync(folder, { recursive: true });
      }
    },
    { share: 0.02 },
  );
});

test('no escape code of an argument gets to the terminal', async t => {
  await holds(
    t,
    fc.tuple(fc.nat(7), ARGV, INIT_ARGV),
    async ([eighth, argv, initArgv]) => {
      const { stdout, stderr } = await inFolder(() => call(...(eighth === 0 ? initArgv : argv)));
      for (const text of [stdout, stderr]) assert.doesNotMatch(text, CONTROL);
    },
    { share: 0.05 },
  );
});

test('a process of its own answers alike', async t => {
  const argv = ARGV.filter(args => args.every(arg => !arg.includes('\0') && arg.isWellFormed()));
  await holds(
    t,
    argv,
    async args => {
      const ended = await supervisor(args);
      check(ended);
      const { code } = await call(...args);
      assert.equal(ended.code, code);
    },
    { share: 0.005 },
  );
});

function supervisor(args: string[]): Promise<Called> {
  const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' };
  return new Promise(resolve => {
    execFile(process.execPath, [SUPERVISOR, ...args], { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}

test('what is no option is bad usage, whatever it looks like', async () => {
  for (const command of ['run', 'once', 'trigger', 'validate', 'status', 'anomalies', 'export', 'init']) {
    for (const option of ['--unknown', '-x', '--__proto__', '--constructor', '--rooot=.']) {
      const { code, stderr } = await call(command, 'a', option);
      assert.equal(code, 2, `${command} ${option}`);
      assert.match(stderr, /unknown option/);
    }
  }
});

test('a folder in which nothing can be made is told at once: Node itself would try for ever', async () => {
  const { code, stderr } = await call('init', '/proc/self/x');
  assert.equal(code, 4);
  assert.match(stderr, /could not be written to/);
});

test('an escape code of an argument is shown, not obeyed', async () => {
  for (const argv of [
    ['\u001b[31mx'],
    ['run', '--\u001b[31mx'],
    ['anomalies', '--since', '\u001b[31mx'],
    ['init', '/dev/null/\u001b[31mx'],
  ]) {
    const { code, stderr } = await call(...argv);
    assert.ok(code === 2 || code === 4);
    assert.ok(stderr.includes('\\x1b[31mx'), stderr);
  }
});
