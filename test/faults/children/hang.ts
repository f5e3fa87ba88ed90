import { join } from 'node:path';
import { until } from '../../helpers/until.ts';
import { type Fault, type FaultContext, missed } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { runsIn } from '../told.ts';
import { conclude, once, shell, stopped, trial, unlike } from '../trial.ts';
import { bareSleep, isAlive, numbersNoted } from './processes.ts';

/** Beside what a bare process is late by in the same moment. */
const ALLOWANCE_SECONDS = 1;

export const hang: Fault = {
  id: 'children/hang',
  group: 'children',
  weight: 'critical',
  fault: 'modules hang: some end by SIGTERM, some only by SIGKILL, some take their time to clean up',
  promise:
    'they are dead when timeout and grace are over, 1 s more or less, and recorded as `timeout` with their true runtime',
  quick: true,
  needs: ['linux'],
  async inject(context) {
    const hung = hungModules(context);
    const pids = join(context.folder, 'pids');
    const modules = Object.fromEntries(
      hung.map(({ name, text, timeoutMs, graceMs }) => [
        name,
        shell(`echo $$ >> ${pids}; ${text}`, { timeout: `${timeoutMs}ms`, killGrace: `${graceMs}ms` }),
      ]),
    );
    const tried = trial(context, { modules });
    const ended = once(context, tried);
    await until('all of them run', () => numbersNoted(pids).length === hung.length);
    const late = await Promise.all(hung.map(async ({ seconds }) => (await bareSleep(seconds)) - seconds));
    const { runs } = await ended;
    const slow = Math.max(...late);
    const problems = numbersNoted(pids)
      .filter(isAlive)
      .map(pid => `process ${pid} lives on`);
    let [earliest, latest] = [Number.POSITIVE_INFINITY, 0];
    for (const { name, seconds, signal } of hung) {
      problems.push(...unlike(runs, name, { outcome: 'timeout', signal }));
      const off = (runs.find(({ module }) => module === name)?.runtimeSeconds ?? 0) - seconds;
      [earliest, latest] = [Math.min(earliest, off), Math.max(latest, off)];
      if (off < -0.01) problems.push(`${name} was ended ${-off} s too early`);
      if (off > ALLOWANCE_SECONDS + 2 * slow)
        problems.push(`${name} was ended ${off} s late (a bare process is late by ${slow} s)`);
    }
    const range = `${(earliest * 1000).toFixed(0)} to ${(latest * 1000).toFixed(0)} ms late`;
    const bare = `a bare sleep ${(slow * 1000).toFixed(0)} ms`;
    return conclude(tried, problems, `${hung.length} hung modules ended ${range}, ${bare}`, {
      faultsInjected: hung.length,
    });
  },
};

interface Hung {
  name: string;
  text: string;
  timeoutMs: number;
  graceMs: number;
  /** When it is to be dead. */
  seconds: number;
  signal: string | null;
}

function hungModules(context: FaultContext): Hung[] {
  const rounds = context.size === 'quick' ? 1 : 6;
  const pick = (most: number): number => 200 + Math.floor(context.random() * most);
  return Array.from({ length: rounds }, (_, round) => {
    const [timeoutMs, graceMs] = context.size === 'quick' ? [700, 600] : [pick(4_000), pick(3_000)];
    const names = { timeoutMs, graceMs };
    const [soon, both] = [timeoutMs / 1000, (timeoutMs + graceMs) / 1000];
    const cleans = 'trap "sleep 0.1; exit 7" TERM; while :; do sleep 0.02; done';
    return [
      { name: `hears-${round}`, text: 'exec sleep 600', ...names, seconds: soon, signal: 'SIGTERM' },
      {
        name: `deaf-${round}`,
        text: 'trap "" TERM; exec sleep 600',
        ...names,
        seconds: both,
        signal: 'SIGKILL',
      },
      { name: `cleans-${round}`, text: cleans, ...names, seconds: soon + 0.1, signal: null },
    ];
  }).flat();
}

/** Three processes, one of them in a session of its own; `$1` takes their numbers. */
const DEAF_TREE = `trap "" TERM HUP INT; echo $$ >> $1
(echo $$; setsid sleep 600 & echo $!; sleep 600 & echo $!; wait) >> $1
`;

export const ignoresSigterm: Fault = {
  id: 'children/ignores-sigterm',
  group: 'children',
  weight: 'high',
  fault:
    'modules and a service with a whole tree of processes ignore SIGTERM: at their timeout, and when the supervisor is stopped',
  promise: 'all are killed when the grace is over; the supervisor ends in order, the runs are recorded',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const file = (name: string): string => join(context.folder, name);
    const deaf = (name: string, more = {}) => ({
      command: `sh deaf.sh ${file(name)}`,
      killGrace: '300ms',
      ...more,
    });
    const tried = trial(context, {
      files: { 'deaf.sh': DEAF_TREE },
      modules: { late: deaf('late', { timeout: '300ms' }), endless: deaf('endless') },
      services: { feed: deaf('feed') },
    });
    const supervisor = context.start(tried.workspace.root);
    const noted = (name: string): number[] => numbersNoted(file(name));
    await whileAlive(supervisor, 'the late one is over', () =>
      runsIn(supervisor.stdout()).some(({ module }) => module === 'late'),
    );
    const problems = noted('late')
      .filter(isAlive)
      .map(pid => `process ${pid} has outlived its timeout`);
    await whileAlive(supervisor, 'the others run', () =>
      ['endless', 'feed'].every(name => noted(name).length >= 4),
    );
    const before = [...noted('endless'), ...noted('feed')];
    if (!before.every(isAlive)) return missed('a module had ended by itself');
    const { code, runs } = await stopped(supervisor, tried);
    if (code !== 0) problems.push(`the supervisor ended with ${code}`);
    problems.push(...unlike(runs, 'late', { outcome: 'timeout', signal: 'SIGKILL' }));
    problems.push(...unlike(runs, 'endless', { outcome: 'killed', signal: 'SIGKILL' }));
    problems.push(...before.filter(isAlive).map(pid => `process ${pid} has outlived the supervisor`));
    const all = new Set([...before, ...noted('late')]).size;
    return conclude(tried, problems, `${all} deaf processes were killed`, { faultsInjected: 3 });
  },
};
