import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Child } from '../../src/glossary/child.ts';
import { followChild } from '../../src/run/child.ts';
import { startKept } from '../../src/run/keeper.ts';
import { findKeeperProgram } from '../../src/run/keeper-program.ts';
import { startProcMeter } from '../../src/run/proc-meter.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { Collected, childSpec, clock } from './running.ts';

failOnLeaks();
const program = findKeeperProgram();
const skip = program === null ? 'no keeper on this machine' : false;

/** A command whose keeper is held up by this shell text, which may go on with `exec "$PERL" "$@"`. */
function startedBy(
  t: TestContext,
  text: string,
  argv: string[],
  limits: { timeoutMs?: number; startLimitMs?: number; killGraceMs?: number },
): { child: Child; output: Collected } {
  const perl = join(temporaryFolder(t), 'perl');
  writeFileSync(perl, `#!/bin/sh\nPERL=${program?.perl}\n${text}\n`);
  chmodSync(perl, 0o755);
  const { startLimitMs, ...changes } = limits;
  const output = new Collected();
  const spec = childSpec(argv, { output, ...changes });
  const parts = {
    clock,
    warn: (message: string) => assert.fail(message),
    startMeter: startProcMeter,
    ...(startLimitMs === undefined ? {} : { startLimitMs }),
  };
  const child = followChild(
    spec,
    () => startKept(spec, { ...(program ?? assert.fail('no keeper')), perl }),
    parts,
  );
  return { child, output };
}

const SLOWLY = '/bin/sleep 1.5; exec "$PERL" "$@"';

test('a slow start does not eat up the time of the command', { skip }, async t => {
  const { child, output } = startedBy(t, SLOWLY, ['echo', 'ran'], { timeoutMs: 1_000 });
  const { timedOut, exitCode, runtimeSeconds } = await child.ended;
  assert.deepEqual([timedOut, exitCode, output.text], [false, 0, 'ran\n']);
  assert.ok(runtimeSeconds < 1, `${runtimeSeconds} s`);
});

test('after a slow start the time of the command is as long as ever', { skip }, async t => {
  const { child } = startedBy(t, SLOWLY, ['sleep', '60'], { timeoutMs: 500 });
  const { timedOut, signal, runtimeSeconds } = await child.ended;
  assert.deepEqual([timedOut, signal], [true, 'SIGTERM']);
  assert.ok(runtimeSeconds >= 0.499, `${runtimeSeconds} s`);
});

test('a start that comes to nothing is given up, may be tried again, and leaves nothing behind', {
  skip,
}, async t => {
  const { child, output } = startedBy(t, 'exec /bin/sleep 60', ['true'], { startLimitMs: 300 });
  const { startError, timedOut, stopped, exitCode, signal, leftovers } = await child.ended;
  assert.deepEqual(
    { ...startError, timedOut, stopped, exitCode, signal, leftovers, pid: child.pid, told: output.ended },
    {
      code: 'ETIMEDOUT',
      message:
        'the command could not be started within 0.3 s: the machine is overloaded, or its keeper (perl) was stopped',
      permanent: false,
      timedOut: false,
      stopped: false,
      exitCode: null,
      signal: null,
      leftovers: 0,
      pid: null,
      told: true,
    },
  );
});
