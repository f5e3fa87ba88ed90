import { join } from 'node:path';
import type { Fault } from '../fault.ts';
import { conclude, once, shell, trial, unlike } from '../trial.ts';
import { isAlive, numbersNoted } from './processes.ts';

/** Notes its number, and lets go of everything that could tell to whom it belongs. */
const DAEMON = `trap "" TERM HUP INT
echo $$ >> "$1"
exec < /dev/null > /dev/null 2>&1
cd /
while :; do sleep 1; done
`;

/** Ways to get away from one's parent; \`$F\` is where the number goes. */
const WAYS: Record<string, string> = {
  session: 'setsid sh daemon.sh $F &',
  'double-fork': '(setsid sh -c "sh daemon.sh $F &" &)',
  'clean-environment': '(env -i PATH=/usr/bin:/bin setsid sh -c "sh daemon.sh $F &" &)',
  'many-forks': '(setsid sh -c "(setsid sh -c \\"(setsid sh daemon.sh $F &)\\" &)" &)',
};

export const daemons: Fault = {
  id: 'children/setsid-double-fork',
  group: 'children',
  weight: 'high',
  fault: `modules leave deaf daemons behind (${Object.keys(WAYS).join(', ')}): at a good end, at a failure, at a timeout`,
  promise: 'the daemons are ended with their run, and the user is told; the outcome is that of the module',
  quick: true,
  needs: ['linux'],
  async inject(context) {
    const file = join(context.folder, 'pids');
    const ends = { good: 'exit 0', bad: 'exit 9', late: 'exec sleep 600' };
    const ways = Object.entries(WAYS).flatMap(([way, text]) =>
      Object.entries(ends).map(([end, last]) => ({ name: `${way}-${end}`, way, text, end, last })),
    );
    const wait = (name: string): string => `until test -s ${file}-${name}; do sleep 0.02; done`;
    const modules = ways.map(({ name, text, end, last }) => {
      const words = `F=${file}-${name}; export F; ${text}\n${wait(name)}; ${last}`;
      return [
        name,
        shell(words, { killGrace: '200ms', ...(end === 'late' ? { timeout: '1s' } : {}) }),
      ] as const;
    });
    const tried = trial(context, { files: { 'daemon.sh': DAEMON }, modules: Object.fromEntries(modules) });
    const { runs, stderr } = await once(context, tried);
    const expected = {
      good: { outcome: 'ok' },
      bad: { outcome: 'error', exitCode: 9 },
      late: { outcome: 'timeout' },
    } as const;
    const problems: string[] = [];
    for (const { name, end } of ways) {
      problems.push(...unlike(runs, name, expected[end as keyof typeof expected]));
      const [pid, ...more] = numbersNoted(`${file}-${name}`);
      if (pid === undefined || more.length > 0) problems.push(`${name} did not start one daemon`);
      else if (isAlive(pid)) problems.push(`the daemon of ${name} (${pid}) lives on`);
      if (end !== 'late' && !stderr.includes(`${name} left `))
        problems.push(`nobody was told of the daemon of ${name}`);
    }
    return conclude(tried, problems, `${ways.length} daemons were ended with their runs`, {
      faultsInjected: ways.length,
    });
  },
};
