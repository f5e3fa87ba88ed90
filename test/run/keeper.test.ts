import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startKept } from '../../src/run/keeper.ts';
import { parseKeeperLine } from '../../src/run/keeper-line.ts';
import { findKeeperProgram } from '../../src/run/keeper-program.ts';
import { NO_TOTALS } from '../../src/run/started.ts';
import { childPids } from '../../src/run/tree.ts';
import { failOnLeaks } from '../helpers/leaks.ts';
import { until } from '../helpers/until.ts';
import { temporaryFolder } from '../helpers/workspace.ts';
import { Collected, childSpec, fixture, isRunning, keeperOf, kept, run, shell, started } from './running.ts';

failOnLeaks();
const program = findKeeperProgram();
const skip = program === null ? 'no keeper on this machine' : false;

test('a Perl that does not work is not used', { skip }, () => {
  assert.equal(findKeeperProgram('/bin/false'), null);
  assert.equal(findKeeperProgram('/bin/echo'), null);
  assert.equal(findKeeperProgram('/nonexistent/perl'), null);
});

test('a command finds the same surroundings as when it is started without a keeper', { skip }, async () => {
  const text =
    'grep -E "^(Sig(Blk|Ign|Pnd)|ShdPnd|NoNewPrivs|Seccomp:|CapEff)" /proc/self/status; ulimit -a; umask; nice; ls /proc/self/fd; readlink /proc/self/fd/0';
  const bare = spawnSync('/bin/sh', ['-c', text], {
    env: { PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const result = await shell(text, { env: { PATH: '/usr/bin:/bin' } });
  assert.match(bare.stdout, /SigIgn:\s+0+\n/);
  assert.equal(result.output.text, bare.stdout);
});

test('a script can open its output by name, as under cron', { skip }, async () => {
  const result = await shell(
    'echo out > /dev/stdout; echo problem > /dev/stderr; echo appended >> /dev/stdout',
  );
  assert.deepEqual(
    [result.exitCode, result.output.text.split('\n').sort()],
    [0, ['', 'appended', 'out', 'problem']],
  );
});

test('variables that would change the keeper reach the command, and only it', { skip }, async () => {
  const env = {
    PATH: '/usr/bin:/bin',
    PERL5OPT: '-Mno::such::module',
    PERL5LIB: '/nonexistent',
    PERL5DB: 'BEGIN { die }',
    PERL_UNICODE: 'SAD',
    PERL_BADLANG: '1',
    PERL_SIGNALS: 'unsafe',
    PERLIO: ':utf8',
    LC_ALL: 'xx_YY.UTF-8',
    LANG: 'nonsense',
    PWD: '/elsewhere',
  };
  const result = await run(['env'], { env });
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  assert.deepEqual(result.output.text.trim().split('\n').sort(), lines.sort());
});

test('a library that cannot be preloaded is complained of once, by the command', { skip }, async () => {
  const result = await run(['true'], { env: { PATH: '/usr/bin:/bin', LD_PRELOAD: '/nonexistent.so' } });
  assert.equal(result.exitCode, 0);
  assert.ok(result.output.text.split('cannot be preloaded').length <= 2, result.output.text);
});

test('the environment of the command does not show in its keeper, whose title names the command', {
  skip,
}, async () => {
  const output = new Collected();
  const env = { PATH: '/usr/bin:/bin', API_KEY: 'secret' };
  const child = kept.start(childSpec(['echo; sleep 60'], { shell: true, name: 'collector', env, output }));
  await until('it runs', started(output));
  assert.match(readFileSync(`/proc/${keeperOf(child)}/cmdline`, 'utf8'), /^watchkeeper: collector/);
  assert.doesNotMatch(readFileSync(`/proc/${keeperOf(child)}/environ`, 'utf8'), /secret/);
  await child.stop();
});

test('a core dump is told as its signal', { skip }, async t => {
  const result = await shell('ulimit -c unlimited 2>/dev/null; kill -SEGV $$', { cwd: temporaryFolder(t) });
  assert.deepEqual([result.exitCode, result.signal], [null, 'SIGSEGV']);
});

test('a signal without a name is told by its number', { skip }, async () => {
  assert.equal((await shell('kill -35 $$')).signal, 'SIG35');
});

test('signals to the keeper are handed on to the command', { skip }, async () => {
  const output = new Collected();
  const text =
    'trap "echo reloaded" HUP; trap "echo bye; exit 9" TERM; echo ready; while :; do sleep 0.05; done';
  const child = kept.start(childSpec([text], { shell: true, output }));
  await until('it is ready', started(output, 'ready'));
  process.kill(keeperOf(child), 'SIGHUP');
  await until('it has heard SIGHUP', started(output, 'reloaded'));
  process.kill(-keeperOf(child), 'SIGTERM');
  const result = await child.ended;
  assert.deepEqual([result.exitCode, result.stopped], [9, false]);
});

test('where the keeper is killed, the command is ended with all that it started', { skip }, async () => {
  const output = new Collected();
  const text =
    'trap "" TERM; (trap "" HUP; setsid sleep 60 & echo $!); sleep 60 & echo $! $$; echo ready; sleep 60';
  const child = kept.start(childSpec([text], { shell: true, output }));
  await until('it is ready', started(output, 'ready'));
  process.kill(keeperOf(child), 'SIGKILL');
  const result = await child.ended;
  assert.deepEqual([result.exitCode, result.signal, result.startError], [null, 'SIGKILL', null]);
  const pids = output.text.match(/\d+/g)?.map(Number) ?? [];
  assert.deepEqual([pids.length, pids.filter(isRunning)], [3, []]);
});

test('a command that kills its keeper at once counts as started all the same', { skip }, async () => {
  const kill = (): Promise<{ startError: unknown }> => shell('kill -KILL $PPID; exec sleep 60');
  for (let round = 0; round < 20; round += 1) {
    const results = await Promise.all(Array.from({ length: 8 }, kill)); // which of the two is quicker is chance
    assert.deepEqual(
      results.map(({ startError }) => startError),
      results.map(() => null),
    );
  }
});

test('a keeper that has been stopped does not hold up the end', { skip }, async () => {
  const output = new Collected();
  const child = kept.start(childSpec(['echo $$; sleep 60'], { shell: true, output, killGraceMs: 100 }));
  await until('it runs', started(output));
  process.kill(keeperOf(child), 'SIGSTOP');
  await child.stop();
  const result = await child.ended;
  assert.deepEqual([result.stopped, result.exitCode, result.signal], [true, null, 'SIGKILL']);
  assert.ok(!isRunning(Number(output.text)));
});

for (const [what, text] of [
  ['commands', 'sleep 60 & echo $!; echo $$; echo ready; sleep 60'],
  ['daemons', 'setsid sleep 60 & echo $!; echo $$; echo ready; sleep 60'],
  [
    'those that ignore SIGTERM',
    'trap "" TERM; (setsid sleep 60 & echo $!); echo $$; echo ready; while :; do sleep 1; done',
  ],
] as const) {
  test(`when the supervisor is killed, its keepers end ${what}`, { skip }, async () => {
    const { pids } = await killedHost(text);
    await until('all have ended', () => !pids.some(isRunning));
  });
}

test('a supervisor that is killed in the moment of a start leaves nothing running', { skip }, async () => {
  for (let attempt = 0; attempt < 5; attempt++) {
    const host = startHost('sleep 60');
    const [first] = await once(host.stdout, 'data'); // before the keeper has got its order, or just after
    host.kill('SIGKILL');
    await once(host, 'close');
    await until('the keeper has ended', () => !isRunning(Number.parseInt(String(first), 10)));
  }
});

test('an older command that starts a process has that told at once, a stranger has not', {
  skip,
}, async () => {
  const text = 'sleep 1.2; for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1; done';
  const told = async (argv: string[]): Promise<number> => {
    const spec = { ...childSpec(argv), argv };
    const command = startKept(spec, program ?? assert.fail('no keeper'));
    let count = 0;
    command.onNewProcess = () => {
      count += 1;
    };
    const outputs = await command.outputs;
    await command.exit;
    for (const output of [outputs?.stdout, outputs?.stderr]) output?.destroy();
    await command.over;
    await command.release();
    return count;
  };
  const [parent, alone] = await Promise.all([told(['sh', '-c', text]), told(['sleep', '2'])]);
  assert.ok(parent >= 1, `told ${parent} time(s)`);
  assert.equal(alone, 0);
});

test('many children at a time each get their own end', { skip }, async () => {
  const codes = Array.from({ length: 12 }, (_, index) => index * 20);
  const results = await Promise.all(codes.map(code => shell(`sleep 0.0${code % 7}; exit ${code}`)));
  assert.deepEqual(
    results.map(result => result.exitCode),
    codes,
  );
});

test('a descendant that is born while others end is found too', { skip }, async () => {
  const output = new Collected();
  const text = 'trap "" TERM; echo ready; while :; do (trap "" TERM; sleep 0.1) & sleep 0.01; done';
  const child = kept.start(childSpec([text], { shell: true, output, killGraceMs: 200 }));
  await until('it is ready', started(output, 'ready'));
  const keeper = keeperOf(child);
  await child.stop();
  assert.deepEqual(childPids(keeper), []);
  assert.ok(!isRunning(keeper));
});

test('the lines of the keeper are understood', () => {
  const usage = { cpuSeconds: 0.25, peakBytes: 2048, readBytes: 0, writtenBytes: 4096, contextSwitches: 31 };
  const exited = { kind: 'exited', runtimeSeconds: 1.5, usage };
  assert.deepEqual(parseKeeperLine('exited 35072 1500000000 250000 2 0 8 31'), {
    ...exited,
    exitCode: 137,
    signal: null,
  });
  assert.deepEqual(parseKeeperLine('exited 9 1500000000 250000 2 0 8 31'), {
    ...exited,
    exitCode: null,
    signal: 'SIGKILL',
  });
  assert.deepEqual(parseKeeperLine('exited 139 1500000000 250000 2 0 8 31'), {
    ...exited,
    exitCode: null,
    signal: 'SIGSEGV',
  });
  assert.deepEqual(parseKeeperLine('ended -1 -1 -1 -1 -1'), { kind: 'ended', usage: NO_TOTALS });
  assert.deepEqual(parseKeeperLine('ended 250000 2 -1 -1 31'), {
    kind: 'ended',
    usage: { ...usage, readBytes: null, writtenBytes: null },
  });
  assert.deepEqual(parseKeeperLine('failed exec 13'), { kind: 'failed', step: 'exec', code: 'EACCES' });
  assert.equal(parseKeeperLine('gibberish'), null);
});

function startHost(text: string) {
  const [node = '', ...args] = fixture('host.ts', text, 300);
  return spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Starts a supervisor in little with this command, and kills it when the command is ready; all pids of its tree. */
async function killedHost(text: string): Promise<{ pids: number[] }> {
  const host = startHost(text);
  let output = '';
  host.stdout.on('data', chunk => {
    output += String(chunk);
  });
  await until('the command is ready', () => output.includes('ready'));
  host.kill('SIGKILL');
  await once(host, 'close');
  const pids = output.match(/\d+/g)?.map(Number) ?? [];
  assert.equal(pids.length, 3);
  return { pids };
}
