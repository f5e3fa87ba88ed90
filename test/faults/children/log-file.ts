import { readFileSync } from 'node:fs';
import type { Fault } from '../fault.ts';
import { conclude, once, shell, trial, unlike } from '../trial.ts';

/** What they make of their own log while they print; `L` is its name. */
const WAYS: Record<string, string> = {
  removed: 'rm -f $L',
  emptied: 'true > $L',
  folder: 'rm -f $L; mkdir $L',
  fifo: 'rm -f $L; mkfifo $L',
  'link-to-a-file': 'rm -f $L; ln -s "$PWD/kept.txt" $L',
  'link-to-nothing': 'rm -f $L; ln -s /no/such/file $L',
  device: 'rm -f $L; mknod $L c 1 7 || mkfifo $L', // /dev/full
  'next-ones': 'rm -f $L.1; mkdir $L.1; touch $L.1/x',
  everything: 'rm -rf logs',
};

export const logFile: Fault = {
  id: 'children/log-file',
  group: 'children',
  weight: 'medium',
  fault:
    'modules remove or empty their own log, make it a folder, a FIFO, a device, a link to a file of the user, remove all logs',
  promise:
    'runs and supervisor go on, this time and the next; what a link points to is not touched; a log that is gone begins anew',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const modules = Object.fromEntries(
      Object.entries(WAYS).map(([name, text]) => {
        const words = `L=logs/${name}.log; echo first; sleep 0.2; ${text}; echo second; yes some text | head -c 100000; exit 3`;
        return [name, shell(words, { timeout: '20s' })];
      }),
    );
    const logs = { maxSize: '50KB', files: 3 };
    const tried = trial(context, { modules, more: { logs }, files: { 'kept.txt': 'kept\n' } });
    const problems: string[] = [];
    for (const time of ['first', 'second']) {
      const { code, runs, stderr } = await once(context, tried);
      if (code !== 1) problems.push(`the ${time} time it ended with ${code}: ${stderr.slice(-300)}`);
      for (const name of Object.keys(WAYS))
        problems.push(...unlike(runs, name, { outcome: 'error', exitCode: 3 }));
    }
    const text = readFileSync(tried.workspace.path('logs', 'removed.log'), 'utf8');
    if (!text.includes('| first\n') && !text.includes('some text'))
      problems.push('the log that was removed did not begin anew');
    return conclude(tried, problems, `${Object.keys(WAYS).length} ways, twice`, {
      faultsInjected: 2 * Object.keys(WAYS).length,
    });
  },
};
