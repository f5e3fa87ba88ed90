import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import {
  Collected,
  childSpec,
  direct,
  fixture,
  isRunning,
  kept,
  run,
  runner,
  shell,
  started,
} from './running.ts';

failOnLeaks();

for (const [name, by] of [
  ['through the keeper', kept],
  ['directly', direct],
] as const) {
  describe(`a child started ${name}`, () => {
    for (const code of [0, 1, 127, 137, 143, 255]) {
      test(`gives exit code ${code} as it is`, async () => {
        const { exitCode, signal, startError } = await shell(`exit ${code}`, {}, by);
        assert.deepEqual(
          { exitCode, signal, startError },
          { exitCode: code, signal: null, startError: null },
        );
      });
    }

    for (const signal of ['SIGSEGV', 'SIGKILL', 'SIGTERM', 'SIGABRT', 'SIGHUP'] as const) {
      test(`that ends by ${signal} says so`, async () => {
        const result = await shell(`kill -${signal.slice(3)} $$`, {}, by);
        assert.deepEqual([result.exitCode, result.signal, result.stopped], [null, signal, false]);
      });
    }

    test('runs for as long as it says', async () => {
      const before = Date.now();
      const result = await shell('sleep 0.3', {}, by);
      assert.ok(
        result.runtimeSeconds >= 0.3 && result.runtimeSeconds <= (Date.now() - before) / 1000 + 0.001,
      );
      assert.ok(result.startedAtMs >= before && result.endedAtMs <= Date.now());
      assert.ok(result.endedAtMs - result.startedAtMs >= 299);
    });

    test('is ended when its time is over', async () => {
      const result = await shell('sleep 60', { timeoutMs: 100 }, by);
      assert.deepEqual([result.timedOut, result.stopped, result.signal], [true, false, 'SIGTERM']);
    });

    test('may end in its own way when its time is over', async () => {
      const output = new Collected();
      const text = 'trap "sleep 0.2; echo cleaned up; exit 7" TERM; echo; while :; do sleep 0.05; done';
      const child = by.start(childSpec([text], { shell: true, output }));
      await until('it has its trap', started(output));
      await child.stop();
      const result = await child.ended;
      assert.deepEqual([result.stopped, result.timedOut, result.exitCode], [true, false, 7]);
      assert.match(output.text, /cleaned up/);
    });

    test('that ignores SIGTERM is killed after the grace', async () => {
      const text = 'trap "" TERM; while :; do sleep 1; done';
      const result = await shell(text, { timeoutMs: 200, killGraceMs: 100 }, by);
      assert.deepEqual([result.timedOut, result.signal], [true, 'SIGKILL']);
    });

    test('that is stopped by SIGSTOP hears SIGTERM all the same', async () => {
      const output = new Collected();
      const child = by.start(childSpec(['echo; kill -STOP $$; exit 1'], { shell: true, output }));
      await until('it runs', started(output));
      await child.stop();
      assert.equal((await child.ended).signal, 'SIGTERM');
    });

    test('takes its whole tree with it when it is stopped', async () => {
      const output = new Collected();
      const text =
        'trap "" TERM; setsid sh -c "echo \\$\\$; sleep 60" & (sleep 60 & echo $!) & sleep 0.2; echo ready; sleep 60';
      const child = by.start(childSpec([text], { shell: true, output, killGraceMs: 300 }));
      await until('it is ready', started(output, 'ready'));
      const pids = output.text.match(/\d+/g)?.map(Number) ?? [];
      assert.equal(pids.length, 2);
      await child.stop();
      assert.deepEqual(pids.filter(isRunning), []);
      assert.equal((await child.ended).stopped, true);
    });

    test('gets SIGTERM only once', async () => {
      const output = new Collected();
      const text = 'trap "echo told" TERM; echo ready; for i in 1 2 3 4 5 6; do sleep 0.1; done';
      const child = by.start(childSpec([text], { shell: true, output }));
      await until('it is ready', started(output, 'ready'));
      await child.stop();
      assert.equal(output.text.match(/told/g)?.length, 1);
    });

    test('can be stopped in the moment of its start, and twice', async () => {
      const child = by.start(childSpec(['sleep', '60'], { killGraceMs: 10_000 }));
      await Promise.all([child.stop(), child.stop()]);
      const result = await child.ended;
      assert.deepEqual([result.stopped, result.signal], [true, 'SIGTERM']);
      await child.stop();
    });

    test('can be killed at once with its whole tree', async () => {
      const output = new Collected();
      const text = 'trap "" TERM; setsid sleep 60 & sleep 60 & echo ready; wait; sleep 60';
      const child = by.start(childSpec([text], { shell: true, output, killGraceMs: 60_000 }));
      await until('it is ready', started(output, 'ready'));
      child.kill();
      const result = await child.ended;
      assert.deepEqual([result.exitCode, result.signal, result.stopped], [null, 'SIGKILL', false]);
      child.kill();
    });

    test('that has ended by itself is not called stopped', async () => {
      const child = by.start(childSpec(['true']));
      const result = await child.ended;
      await child.stop();
      assert.deepEqual([result.stopped, result.exitCode, result.leftovers], [false, 0, 0]);
    });

    test('ends though a grandchild holds its output', async () => {
      const result = await shell('sleep 60 & echo $!; exit 3', {}, by);
      assert.deepEqual([result.exitCode, result.leftovers], [3, 1]);
      assert.ok(!isRunning(Number(result.output.text)));
    });

    test('leaves no daemon behind', async () => {
      // A session of its own, no parent, no open file of the module.
      const daemon =
        'setsid sh -c "(trap \\"\\" TERM HUP; echo \\$\\$; exec >/dev/null 2>&1; while :; do sleep 1; done) & "';
      const result = await shell(`${daemon}; sleep 0.2; exit 4`, {}, by);
      assert.equal(result.exitCode, 4);
      assert.ok(result.leftovers >= 1, `${result.leftovers} left over`);
      assert.ok(!isRunning(Number(result.output.text)));
    });

    test('finds its standard input at its end', async () => {
      const result = await shell('cat; echo read', {}, by);
      assert.equal(result.output.text, 'read\n');
    });

    test('may close its output early', async () => {
      const result = await shell('echo first; exec >&- 2>&-; sleep 0.1; exit 5', {}, by);
      assert.deepEqual([result.exitCode, result.output.text], [5, 'first\n']);
    });

    test('hands over all that it wrote, and says which way it came', async () => {
      const result = await shell('echo out; sleep 0.05; echo problem >&2', {}, by);
      assert.deepEqual([result.output.text, result.output.sources], ['out\nproblem\n', ['stdout', 'stderr']]);
      assert.ok(result.output.ended);
      const large = await shell('head -c 3000000 /dev/zero', {}, by);
      assert.equal(Buffer.concat(large.output.chunks).length, 3_000_000);
    });

    test('gets its arguments to the letter', async () => {
      const args = ['', ' ', '-v', '--', '*', '$HOME', 'a\nb', "'", '"', '\\', 'žluťoučký 🐎', '-e', '`id`'];
      const result = await run([...fixture('echo.ts'), ...args], {}, by);
      assert.deepEqual(JSON.parse(result.output.text).args, args);
    });

    test('gets its environment to the letter, and nothing else', async () => {
      const env = {
        PATH: '/usr/bin:/bin',
        EMPTY: '',
        LINES: 'a\nb',
        ÜMLAUT: 'größe',
        EQUALS: 'a=b=c',
        'with space': '1',
      };
      const result = await run(fixture('echo.ts'), { env }, by);
      assert.deepEqual(JSON.parse(result.output.text).env, env);
    });

    test('starts in its folder', async t => {
      const cwd = temporaryFolder(t);
      assert.equal((await shell('pwd', { cwd }, by)).output.text, `${cwd}\n`);
    });

    test('leads a process group of its own', async () => {
      // `kill 0` ends the whole group of the caller.
      const result = await shell('sleep 60 & kill 0; sleep 60', {}, by);
      assert.deepEqual([result.signal, result.leftovers], ['SIGTERM', 0]);
    });

    test('is not blamed for what its sink does', async () => {
      const warnings: string[] = [];
      const broken = {
        write: (): boolean => {
          throw new Error('disk on fire');
        },
        drained: async () => {},
        end: () => Promise.reject(new Error('disk gone')),
      };
      const warn = (message: string): number => warnings.push(message);
      const other = runner({ warn, keeper: by === kept ? 'auto' : 'none' });
      const result = await shell('echo a; echo b', { output: broken }, other);
      assert.equal(result.exitCode, 0);
      assert.deepEqual(warnings, ['module: output is lost from here on: disk on fire']);
    });
  });
}
