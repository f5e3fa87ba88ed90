import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, missed } from '../fault.ts';
import { run } from '../mounts.ts';
import { conclude, once, shell, trial, unlike } from '../trial.ts';
import { isAlive, numbersNoted } from './processes.ts';

export const withoutKeeper: Fault = {
  id: 'children/without-perl',
  group: 'children',
  weight: 'medium',
  fault:
    'there is no usable Perl, so that children have no keeper: they hang, hold their output, leave daemons, die',
  promise:
    'outcomes and exit codes are the same, nothing that can be recognised is left, and the user is told what to install',
  quick: false,
  isolated: true,
  needs: ['linux', 'root'],
  async inject(context) {
    const empty = join(context.folder, 'no-perl');
    writeFileSync(empty, '');
    run('mount', '--bind', empty, '/usr/bin/perl');
    context.after(() => void run('umount', '--lazy', '/usr/bin/perl'));
    const file = join(context.folder, 'pids');
    const deaf = `trap "" TERM HUP; echo $$ >> ${file}`;
    const modules = {
      hangs: shell(`${deaf}; exec sleep 600`, { timeout: '500ms', killGrace: '300ms' }),
      holds: shell(`(trap "" TERM; sleep 600 & echo $! >> ${file}); exit 3`),
      daemon: shell(
        `(setsid sh -c "${deaf.replaceAll('"', '\\"').replaceAll('$$', '\\$\\$')}; sleep 600" &); sleep 0.3; exit 4`,
      ),
      segv: shell('kill -SEGV $$'),
      'exit-255': shell('exit 255'),
      missing: { command: 'no-such-program' },
    };
    const tried = trial(context, { modules });
    // A PATH in which a version manager's Perl is not found either.
    const { runs, stderr } = await once(context, tried, [], { env: { PATH: '/usr/bin:/bin' } });
    if (!/install the package "perl"/.test(stderr)) return missed(`a Perl was found: ${stderr.slice(-300)}`);
    const problems = [
      ...unlike(runs, 'hangs', { outcome: 'timeout', signal: 'SIGKILL' }),
      ...unlike(runs, 'holds', { outcome: 'error', exitCode: 3 }),
      ...unlike(runs, 'daemon', { outcome: 'error', exitCode: 4 }),
      ...unlike(runs, 'segv', { outcome: 'killed', signal: 'SIGSEGV' }),
      ...unlike(runs, 'exit-255', { outcome: 'error', exitCode: 255 }),
      ...unlike(runs, 'missing', { outcome: 'error', exitCode: null }),
      ...numbersNoted(file)
        .filter(isAlive)
        .map(pid => `process ${pid} lives on`),
    ];
    return conclude(tried, problems, `${runs.length} modules without a keeper`, {
      faultsInjected: runs.length,
    });
  },
};
