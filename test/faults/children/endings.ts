import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import type { Fault, FaultContext } from '../fault.ts';
import { conclude, once, shell, trial, unlike } from '../trial.ts';
import { limitedGroup } from './cgroup.ts';

const ENDINGS: Record<string, string> = {
  'null-pointer': `exec perl -e 'unpack "p", pack "Q", 8'`,
  abort: 'kill -ABRT $$; sleep 9',
  'real-time-signal': `exec perl -e 'kill 40, $$; sleep 9'`,
  'kills-its-group': 'kill 0; sleep 9',
  'exit-255': 'exit 255',
  'exit-256': `exec perl -e 'exit 256'`,
  'exit-137': 'exit 137', // as a shell says SIGKILL
  'exit-143': 'exit 143',
  'exit-126': 'exit 126',
  'signal-in-shell': `perl -e 'kill 11, $$'`, // the last of a shell is often the shell itself
  'segfault-of-a-child': `perl -e 'kill 11, $$'; exit $?`,
};

export const exactEndings: Fault = {
  id: 'children/exact-endings',
  group: 'children',
  weight: 'medium',
  fault:
    'modules end by SIGSEGV, SIGABRT, a signal without a name, out of memory, by exit codes that look like signals',
  promise: 'exit code or signal are recorded exactly as a program that starts them itself sees them',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const memory = outOfMemory(context);
    const endings = { ...ENDINGS, 'out-of-memory': memory.text };
    const modules = Object.fromEntries(Object.entries(endings).map(([name, text]) => [name, shell(text)]));
    const tried = trial(context, { modules });
    const { runs } = await once(context, tried);
    const seen: string[] = [];
    const problems = Object.entries(endings).flatMap(([name, text]) => {
      const bare = bareEnding(text);
      seen.push(`${name} ${bare.signal ?? bare.exitCode}`);
      const outcome = bare.signal !== null ? 'killed' : bare.exitCode === 0 ? 'ok' : 'error';
      return unlike(runs, name, { ...bare, outcome });
    });
    return conclude(tried, problems, `by ${memory.means}: ${seen.join(', ')}`, {
      faultsInjected: seen.length,
    });
  },
};

/** Starts a text in a group of its own (`kill 0` is not for us), and prints the wait status as the kernel gives it. */
const WAIT =
  'my $p = fork; setpgrp(0, 0), exec("/bin/sh", "-c", $ARGV[0]) unless $p; waitpid $p, 0; print $?';

function bareEnding(text: string): { exitCode: number | null; signal: string | null } {
  const { stdout } = spawnSync('perl', ['-e', WAIT, text], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const status = Number(stdout.trim().split('\n').at(-1));
  const number = status & 0x7f;
  if (number === 0) return { exitCode: status >> 8, signal: null };
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return { exitCode: null, signal: name ?? `SIG${number}` };
}

function outOfMemory(context: FaultContext): { text: string; means: string } {
  const allocate = `exec perl -e '$x = "x" x 500_000_000; sleep 9'`;
  const group = limitedGroup(context, 'memory', 50_000_000);
  if (group === null) {
    const text = allocate.replace('exec', 'exec prlimit --as=200000000');
    return { text, means: 'a limit of address space (prlimit)' };
  }
  return { text: `echo $$ > ${group.procs}; ${allocate}`, means: 'a memory cgroup' };
}
