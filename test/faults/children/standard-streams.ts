import { readFileSync } from 'node:fs';
import type { Fault } from '../fault.ts';
import { conclude, once, shell, trial, unlike } from '../trial.ts';

/** What they do, their exit code, and what must stand in the log. */
const MODULES: Record<string, { text: string; exitCode: number; says?: RegExp }> = {
  'reads-input': { text: 'cat; echo "read $?"; exit 2', exitCode: 2, says: /\| read 0$/m },
  'reads-in-node': {
    text: `exec node -e 'process.stdin.on("end", () => process.exit(3)).resume()'`,
    exitCode: 3,
  },
  'writes-to-input': { text: 'echo lost >&0; exit 4', exitCode: 4 },
  'closes-output': { text: 'echo first; exec 1>&- 2>&-; sleep 0.3; exit 5', exitCode: 5, says: /\| first$/m },
  'closes-everything': {
    text: `exec perl -MPOSIX -e 'POSIX::close($_) for 0 .. 4095; select undef, undef, undef, 0.3; POSIX::_exit(6)'`,
    exitCode: 6,
  },
  'opens-by-name': {
    text: 'echo one > /dev/stdout; echo two > /dev/stderr; exit 7',
    exitCode: 7,
    says: /\| one$[\s\S]*! two$/m,
  },
  'writes-without-end-of-line': { text: 'printf "no end"; exit 8', exitCode: 8, says: /\| no end$/m },
  // Whoever gets more than it should may write into it: 3 and above are the supervisor's and the keeper's.
  'looks-for-more': {
    text: 'for fd in /proc/self/fd/*; do case $fd in *[0-2]) ;; *) test -e $fd && echo "more: $fd $(readlink $fd)" ;; esac; done; exit 9',
    exitCode: 9,
  },
};

export const standardStreams: Fault = {
  id: 'children/standard-streams',
  group: 'children',
  weight: 'medium',
  fault:
    'modules read their standard input, close their output early, close every descriptor, open their output by its name',
  promise:
    'reading finds the end at once; the runs go on to their own end, with their exit codes; no descriptor of ours is theirs',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const modules = Object.fromEntries(
      Object.entries(MODULES).map(([name, { text }]) => [name, shell(text, { timeout: '20s' })]),
    );
    const tried = trial(context, { modules });
    const { runs } = await once(context, tried);
    const problems: string[] = [];
    for (const [name, { exitCode, says }] of Object.entries(MODULES)) {
      problems.push(...unlike(runs, name, { outcome: 'error', exitCode, signal: null }));
      if (says !== undefined && !says.test(readFileSync(tried.workspace.path('logs', `${name}.log`), 'utf8')))
        problems.push(`the log of ${name} lacks its words`);
    }
    for (const name of ['closes-output', 'closes-everything']) {
      const { runtimeSeconds = 0 } = runs.find(({ module }) => module === name) ?? {};
      if ((runtimeSeconds ?? 0) < 0.3)
        problems.push(`${name} was taken for ended when its output was closed`);
    }
    return conclude(tried, problems, `${Object.keys(MODULES).length} modules`, {
      faultsInjected: Object.keys(MODULES).length,
    });
  },
};
