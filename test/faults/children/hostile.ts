import { join } from 'node:path';
import type { Fault } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { countIterations, runsIn } from '../told.ts';
import { conclude, once, shell, stopped, trial, unlike } from '../trial.ts';
import { descriptorsOf, isAlive, numbersNoted } from './processes.ts';

/** Notes its number, and cannot be found by its environment or its session. */
const AWAY =
  '(env -i PATH=/usr/bin:/bin setsid sh -c "trap \\"\\" TERM; echo \\$\\$ >> $F; while :; do sleep 1; done" > /dev/null 2>&1 &)';

export const killsItsKeeper: Fault = {
  id: 'children/kills-its-keeper',
  group: 'children',
  weight: 'high',
  fault:
    'a module ends, stops or signals its parent, the keeper, and would live on, together with what it has started',
  promise: 'the run is recorded, its whole tree is ended, and the supervisor goes on',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const file = join(context.folder, 'pids');
    const deaf = `F=${file}; export F; trap "" TERM HUP; echo $$ >> ${file}`;
    const modules = {
      'kills-at-once': shell(`kill -KILL $PPID; exec sleep 600`),
      'stops-at-once': shell('kill -STOP $PPID; exec sleep 600', { timeout: '500ms', killGrace: '200ms' }),
      kills: shell(`${deaf}; (setsid sleep 600 & echo $! >> ${file}); kill -KILL $PPID; exec sleep 600`),
      'kills-later': shell(`${deaf}; ${AWAY}; sleep 1.5; kill -KILL $PPID; exec sleep 600`),
      'kills-gently': shell(`echo $$ >> ${file}; kill -TERM $PPID; exec sleep 600`),
      'interrupts-it': shell(`echo $$ >> ${file}; kill -INT $PPID; exec sleep 600`),
      'stops-it': shell(`${deaf}; kill -STOP $PPID; exec sleep 600`, {
        timeout: '500ms',
        killGrace: '200ms',
      }),
      'stops-it-and-ends': shell(`kill -STOP $PPID; exit 3`, { timeout: '500ms', killGrace: '200ms' }),
      'alarms-it': shell('kill -ALRM $PPID; exec sleep 600'),
      'talks-to-it': shell(`kill -USR1 $PPID; kill -CHLD $PPID; kill -WINCH $PPID; sleep 0.2; exit 4`),
    };
    const tried = trial(context, { modules: { ...modules, fine: shell('exit 0') } });
    const { runs } = await once(context, tried);
    const problems = [
      ...unlike(runs, 'kills', { outcome: 'killed' }),
      ...unlike(runs, 'kills-later', { outcome: 'killed' }),
      ...unlike(runs, 'kills-gently', { outcome: 'killed', signal: 'SIGTERM' }),
      ...unlike(runs, 'interrupts-it', { outcome: 'killed', signal: 'SIGINT' }),
      ...unlike(runs, 'stops-it', { outcome: 'timeout' }),
      ...unlike(runs, 'stops-it-and-ends', { outcome: 'timeout' }),
      ...unlike(runs, 'alarms-it', { outcome: 'killed' }),
      ...unlike(runs, 'kills-at-once', { outcome: 'killed' }),
      ...unlike(runs, 'stops-at-once', { outcome: 'timeout' }),
      ...unlike(runs, 'talks-to-it', { outcome: 'killed', signal: 'SIGUSR1' }),
      ...unlike(runs, 'fine', { outcome: 'ok' }),
      ...numbersNoted(file)
        .filter(isAlive)
        .map(pid => `process ${pid} lives on`),
    ];
    const { code } = await once(context, tried, ['fine']);
    if (code !== 0) problems.push(`the next start ended with ${code}`);
    const count = numbersNoted(file).length;
    return conclude(
      tried,
      problems,
      `${Object.keys(modules).length} keepers attacked, ${count} processes ended`,
      {
        faultsInjected: Object.keys(modules).length,
      },
    );
  },
};

const DISGUISES = {
  // As a zombie of process 1 whose name ends early, for whoever reads /proc/PID/stat carelessly.
  named: `exec perl -e '$0 = ") Z 1 1 1"; $SIG{TERM} = "IGNORE"; sleep 600'`,
  'two-lines': `exec perl -e '$0 = "sh\\n) Z 1"; open F, ">", "/proc/self/comm"; print F "a) Z 1\\nb"; close F; $SIG{TERM} = "IGNORE"; sleep 600'`,
  'as-the-supervisor': `exec perl -e '$0 = "node supervisor.ts run"; fork; $SIG{TERM} = "IGNORE"; sleep 600 while 1'`,
  stopped: 'kill -STOP $$; exit 1',
  'stopped-and-deaf': 'trap "" TERM; kill -STOP $$; exec sleep 600',
  'stopped-tree': '(kill -STOP 0) & wait; sleep 600',
  'in-another-root': 'exec chroot . /bin/sleep 600 || exec sleep 600',
  'in-a-removed-folder': 'mkdir -p gone && cd gone && rmdir ../gone && exec sleep 600',
  'without-environment': 'exec env -i /bin/sleep 600',
};

export const disguised: Fault = {
  id: 'children/disguised',
  group: 'children',
  weight: 'medium',
  fault:
    'modules hang under another name (line breaks, `) Z 1`), stopped by SIGSTOP, in a folder that is gone, without environment',
  promise: 'each is ended at its timeout all the same',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const file = join(context.folder, 'pids');
    const modules = Object.fromEntries(
      Object.entries(DISGUISES).map(([name, text]) => [
        name,
        shell(`echo $$ >> ${file}; ${text}`, { timeout: '700ms', killGrace: '300ms' }),
      ]),
    );
    const tried = trial(context, { modules });
    const { runs } = await once(context, tried);
    const names = Object.keys(DISGUISES).filter(name => name !== 'in-another-root');
    const problems = [
      ...names.flatMap(name => unlike(runs, name, { outcome: 'timeout' })),
      ...numbersNoted(file)
        .filter(isAlive)
        .map(pid => `process ${pid} lives on`),
    ];
    return conclude(tried, problems, `${names.length} disguised modules were ended`, {
      faultsInjected: names.length,
    });
  },
};

const FORKS = 'for (1 .. 1000) { my $pid = fork; die "fork: $!" unless defined $pid; exit unless $pid }';

export const zombies: Fault = {
  id: 'children/thousand-zombies',
  group: 'children',
  weight: 'medium',
  fault: 'a module leaves 1,000 zombies: and hangs, and ends, and orphans them',
  promise:
    'all are taken note of and gone, the runs are as they were, no descriptor of the supervisor is lost',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const modules = {
      hangs: { command: ['perl', '-e', `${FORKS} sleep 600`], timeout: '4s', killGrace: '300ms' },
      ends: { command: ['perl', '-e', `${FORKS} select undef, undef, undef, 0.5; exit 3`], after: ['first'] },
      orphans: { command: ['perl', '-e', `unless (fork) { ${FORKS} sleep 1; exit } ${FORKS} exit 4`] },
      first: shell('exit 0'),
    };
    const tried = trial(context, { modules });
    const supervisor = context.start(tried.workspace.root);
    const { pid } = supervisor.process;
    const has = (name: string) => (): boolean =>
      runsIn(supervisor.stdout()).some(({ module }) => module === name);
    await whileAlive(supervisor, 'the first is over', has('first'));
    const before = descriptorsOf(pid);
    await whileAlive(supervisor, 'all are over', () => runsIn(supervisor.stdout()).length === 4);
    await whileAlive(supervisor, 'the iteration is over', () => countIterations(supervisor) > 0);
    const after = descriptorsOf(pid);
    const { code, runs } = await stopped(supervisor, tried);
    const problems = [
      ...unlike(runs, 'hangs', { outcome: 'timeout' }),
      ...unlike(runs, 'ends', { exitCode: 3 }),
      ...unlike(runs, 'orphans', { exitCode: 4 }),
      ...(code === 0 ? [] : [`the supervisor ended with ${code}`]),
      ...(after > before ? [`${after - before} descriptors more than before`] : []),
    ];
    return conclude(
      tried,
      problems,
      `4,000 zombies, ${after} descriptors afterwards (${before} while it ran)`,
      {
        faultsInjected: 4,
      },
    );
  },
};
