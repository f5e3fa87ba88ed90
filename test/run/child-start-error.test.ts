import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ChildSpec } from '../../src/glossary/child.ts';
import { explainStartError } from '../../src/run/start-error.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { childSpec, direct, kept, run } from './running.ts';

failOnLeaks();

const CANARY = 'c4nary-of-a-secret';

for (const [name, by] of [
  ['through the keeper', kept],
  ['directly', direct],
] as const) {
  describe(`what cannot be started ${name}`, () => {
    const problem = async (argv: string[], changes: Partial<ChildSpec> = {}): Promise<[string, string]> => {
      const child = by.start(childSpec(argv, changes));
      const { startError, exitCode, signal, leftovers } = await child.ended;
      assert.deepEqual([exitCode, signal, leftovers, child.pid], [null, null, 0, null]);
      assert.ok(startError?.permanent);
      return [startError.code, startError.message];
    };

    test('a program that is in no folder of PATH', async t => {
      const cwd = temporaryFolder(t);
      const env = { PATH: '/usr/bin:/bin' };
      assert.deepEqual(await problem(['collect'], { cwd, env }), [
        'ENOENT',
        'collect is in no folder of PATH: install it, or give its full path in "command"; looked in /usr/bin, /bin',
      ]);
      writeFileSync(`${cwd}/collect`, '');
      assert.match((await problem(['collect'], { cwd, env }))[1], /write "\.\/collect"/);
    });

    test('a file that does not exist', async () => {
      const [code, message] = await problem(['./nothing']);
      assert.equal(code, 'ENOENT');
      assert.match(message, /\/nothing does not exist/);
    });

    test('a file that may not be executed', async t => {
      const cwd = temporaryFolder(t);
      writeFileSync(`${cwd}/collect-it`, '#!/bin/sh\n', { mode: 0o600 });
      const expected = [
        'EACCES',
        `${cwd}/collect-it may not be executed: run "chmod +x" on it, or put its interpreter before it in "command"`,
      ];
      assert.deepEqual(await problem(['./collect-it'], { cwd }), expected);
      const inPath = await problem(['collect-it'], { cwd, env: { PATH: `/nonexistent:${cwd}:/bin` } });
      assert.deepEqual(inPath, [
        'EACCES',
        'collect-it, found in a folder of PATH, may not be executed: run "chmod +x" on it, or put its interpreter before it in "command"',
      ]);
      assert.deepEqual(await problem([cwd]), [
        'EACCES',
        `${cwd} is a folder, not a program: correct "command"`,
      ]);
    });

    test('a script whose interpreter does not exist', async t => {
      const cwd = temporaryFolder(t);
      writeFileSync(`${cwd}/script`, '#!/usr/bin/no-such-python -u\n', { mode: 0o755 });
      const [code, message] = await problem(['./script'], { cwd });
      assert.equal(code, 'INTERPRETER');
      assert.match(
        message,
        /script asks in its first line for \/usr\/bin\/no-such-python, which does not exist/,
      );
    });

    test('whatever it is, no value of its environment is told', async t => {
      const folder = join(temporaryFolder(t), CANARY);
      mkdirSync(folder);
      const file = (name: string, text: string, mode: number): void =>
        writeFileSync(join(folder, name), text, { mode });
      file('denied', '#!/bin/sh\n', 0o600);
      file('no-interpreter', '#!/usr/bin/no-such-python\n', 0o700);
      mkdirSync(join(folder, 'a-folder'));
      const env = { PATH: `${folder}:/opt/${CANARY}:/usr/bin`, TOKEN: CANARY };
      for (const program of ['missing', 'denied', 'no-interpreter', 'a-folder']) {
        const [code, message] = await problem([program], { env });
        assert.notEqual(code, 'EINVAL');
        assert.match(message, new RegExp(`^${program}`));
        assert.doesNotMatch(message, new RegExp(CANARY));
      }
      const told = [
        await problem(['missing'], { env }),
        await problem(['true'], { env, cwd: '/nonexistent' }),
        await problem(['true'], { env: { PATH: '/bin', LARGE: CANARY.repeat(100_000) } }),
        await problem(['true'], { env: { PATH: '/bin', TOKEN: `${CANARY}\0` } }),
      ];
      assert.match(told.join(), /looked in \/usr\/bin, 2 folder\(s\) of its own PATH/);
      assert.doesNotMatch(told.join(), new RegExp(CANARY));
    });

    test('a working folder that is not there', async t => {
      const cwd = temporaryFolder(t);
      writeFileSync(`${cwd}/file`, '');
      assert.deepEqual(await problem(['true'], { cwd: `${cwd}/none` }), [
        'CWD',
        `the working folder ${cwd}/none does not exist: create it, or change "cwd"`,
      ]);
      assert.equal((await problem(['true'], { cwd: `${cwd}/file` }))[0], 'CWD');
    });

    test('arguments that are too long', async () => {
      assert.equal((await problem(['true', 'x'.repeat(3_000_000)]))[0], 'E2BIG');
      assert.equal(
        (await problem(['true'], { env: { PATH: '/bin', LARGE: 'x'.repeat(3_000_000) } }))[0],
        'E2BIG',
      );
    });

    test('an empty command, and one with a NUL', async () => {
      assert.equal((await problem([]))[0], 'EINVAL');
      assert.equal((await problem(['']))[0], 'EINVAL');
      assert.equal((await problem(['echo', 'a\0b']))[0], 'EINVAL');
      assert.equal((await problem(['echo'], { env: { A: '\0' } }))[0], 'EINVAL');
    });

    test('a script without a first line is run by the shell, as everywhere', async t => {
      const cwd = temporaryFolder(t);
      writeFileSync(`${cwd}/script`, 'echo $0; exit 6\n', { mode: 0o755 });
      assert.equal((await run(['./script'], { cwd }, by)).exitCode, 6);
    });

    test('a program is found in the PATH of the child, also by a relative entry and through a link', async t => {
      const cwd = temporaryFolder(t);
      mkdirSync(`${cwd}/tools`);
      writeFileSync(`${cwd}/real`, '#!/bin/sh\nexit 8\n');
      chmodSync(`${cwd}/real`, 0o755);
      symlinkSync('../real', `${cwd}/tools/linked`);
      assert.equal((await run(['linked'], { cwd, env: { PATH: `${cwd}/tools` } }, by)).exitCode, 8);
    });
  });
}

test('a lack that may be over at the next try is not permanent', () => {
  const spec = childSpec(['true']);
  for (const code of ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ETXTBSY', 'EIO']) {
    const { permanent, code: same, message } = explainStartError(code, 'exec', spec);
    assert.deepEqual([permanent, same], [false, code]);
    assert.match(message, /^true could not be started: /);
  }
  assert.equal(explainStartError('EAGAIN', 'fork', spec).permanent, false);
  assert.equal(explainStartError('ENOEXEC', 'exec', spec).permanent, true);
});
