import { type Fault, missed } from '../fault.ts';
import { conclude, once, shell, trial, unlike } from '../trial.ts';
import { limitedGroup } from './cgroup.ts';

const MOST = 100;

/** Each process of it forks for ever, and hardly sleeps where it may not. */
const BOMB = `perl -e '$SIG{TERM} = "IGNORE"; while (1) { select undef, undef, undef, 0.005 unless defined fork }'`;

export const forkBomb: Fault = {
  id: 'children/fork-bomb',
  group: 'children',
  weight: 'medium',
  fault: `a module is a fork bomb that ignores SIGTERM, in a group of at most ${MOST} processes; another one leaves one behind`,
  promise:
    'it is ended at its timeout, all of it, and so is the one that was left behind; the supervisor goes on',
  quick: false,
  needs: ['linux', 'cgroup'],
  async inject(context) {
    const groups = ['first', 'second'].map(() => limitedGroup(context, 'pids', MOST));
    const [first, second] = groups;
    if (!first || !second) return missed('no group of processes can be made');
    const modules = {
      bomb: shell(`echo $$ > ${first.procs}; exec ${BOMB}`, { timeout: '1500ms', killGrace: '300ms' }),
      'leaves-one': shell(`echo $$ > ${second.procs}; ${BOMB} & sleep 1; exit 3`),
      fine: shell('exit 0'),
    };
    const tried = trial(context, { modules });
    const before = performance.now();
    const { runs, stderr } = await once(context, tried);
    const seconds = (performance.now() - before) / 1000;
    const left = first.members().length + second.members().length;
    const problems = [
      ...unlike(runs, 'bomb', { outcome: 'timeout', signal: 'SIGKILL' }),
      ...unlike(runs, 'leaves-one', { outcome: 'error', exitCode: 3 }),
      ...unlike(runs, 'fine', { outcome: 'ok' }),
      ...(stderr.includes('even SIGKILL did not end') ? [`it was given up: ${stderr.slice(-300)}`] : []),
      ...(left === 0 ? [] : [`${left} processes of the bombs live on: ${stderr.slice(-300)}`]),
    ];
    return conclude(tried, problems, `two fork bombs were ended, in ${seconds.toFixed(1)} s in all`, {
      faultsInjected: 2,
    });
  },
};
