import { chmodSync, chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, type FaultContext, outcome } from '../fault.ts';
import { AS_NOBODY } from '../needs.ts';
import { whileAlive } from '../program.ts';
import { countIterations } from '../told.ts';
import { conclude, once, shell, stopped, trial, unlike } from '../trial.ts';
import { peakMb } from './processes.ts';

/** Of 1 GB of figures 64 MB are read, which are a million and a half of them. */
const LIMIT_MB = 250;
const LINE = '{"metric":"apiLatencySeconds","value":0.25}';

/** What they make of their metrics file; `bad`: that is told. */
const MODULES: Record<string, { text: string; bad: boolean }> = {
  removed: { text: 'echo x >> $M; rm -f $M', bad: false },
  folder: { text: 'rm -f $M; mkdir -p $M/a/b; echo x > $M/a/b/c', bad: true },
  fifo: { text: 'rm -f $M; mkfifo $M', bad: true },
  'link-to-a-file': { text: 'rm -f $M; ln -s "$PWD/kept.txt" $M', bad: true },
  'link-to-a-folder': { text: 'rm -f $M; ln -s "$PWD/kept" $M', bad: true },
  'link-to-a-device': { text: 'rm -f $M; ln -s /dev/zero $M', bad: true },
  'link-to-nothing': { text: 'rm -f $M; ln -s /no/such/file $M', bad: true },
  'link-to-itself': { text: 'rm -f $M; ln -s $M $M', bad: true },
  device: { text: 'rm -f $M; mknod $M c 1 5 || mkfifo $M', bad: true },
  unreadable: { text: `echo '${LINE}' > $M; chmod 000 $M`, bad: false },
  noise: { text: 'head -c 300000 /dev/urandom > $M', bad: true },
  'no-end-of-line': { text: `printf '%s' '${LINE}' > $M`, bad: false },
  'many-labels': {
    text: `for i in $(seq 300); do echo '{"label":"l'$i'","value":"'$(head -c 9000 /dev/zero | tr '\\000' v)'"}'; done > $M`,
    bad: true,
  },
  'signs-in-labels': { text: `printf '%s\\n' '{"label":"model","value":"\\u001b[2J"}' > $M`, bad: true },
  'marks-of-another-day': { text: `echo '{"mark":"setup-end","time":100000000000}' > $M`, bad: false },
  'still-written': {
    text: `(trap "" TERM; while :; do echo '${LINE}' >> $M; done) & sleep 0.2; exit 0`,
    bad: false,
  },
};

const HUGE = {
  'huge-hole': { text: 'truncate -s 1G $M', bad: true },
  'huge-line': { text: "head -c 1000000000 /dev/zero | tr '\\000' x > $M", bad: true },
  'huge-figures': { text: `yes '${LINE}' | head -c 1000000000 > $M`, bad: true },
};

export const metricsFile: Fault = {
  id: 'children/metrics-file',
  group: 'children',
  weight: 'medium',
  fault:
    'a module removes its metrics file, makes it a folder, a FIFO, a device, a link to a file of the user, 1 GB of anything, or writes it for ever',
  promise:
    'the run is `ok`, what is no metric is told, nothing that a link points to is touched, memory stays below 250 MB',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const all = context.size === 'quick' ? MODULES : { ...MODULES, ...HUGE };
    const names = Object.keys(all);
    const modules = Object.fromEntries(
      Object.entries(all).map(([name, { text }]) => [name, shell(`M=$WATCHKEEPER_METRICS; ${text}`)]),
    );
    const files = { 'kept.txt': `${LINE}\n`, 'kept/file.txt': 'kept\n' };
    const tried = trial(context, { modules, files });
    const supervisor = context.start(tried.workspace.root);
    const over = (): boolean => countIterations(supervisor) > 0;
    await whileAlive(supervisor, 'all have ended', over, 600_000);
    const peak = peakMb(supervisor.process.pid);
    const { code, runs, stderr } = await stopped(supervisor, tried);
    const problems = names.flatMap(name => unlike(runs, name, { outcome: 'ok' }));
    for (const [name, { bad }] of Object.entries(all))
      if (stderr.includes(`${name}: `) !== bad) problems.push(`${name} was ${bad ? 'not ' : ''}told of`);
    if (code !== 0) problems.push(`the supervisor ended with ${code}: ${stderr.slice(-300)}`);
    if (peak > LIMIT_MB) problems.push(`the supervisor took ${peak.toFixed(0)} MB`);
    return conclude(tried, problems, `${names.length} ways, supervisor at most ${peak.toFixed(0)} MB`, {
      faultsInjected: names.length,
    });
  },
};

export const metricsFolderAfterKill: Fault = {
  id: 'children/metrics-folder-after-kill',
  group: 'children',
  weight: 'high',
  fault: 'the supervisor is killed while a module has made its metrics file a folder with something in it',
  promise: 'the next start sweeps it and goes on',
  quick: true,
  needs: ['linux'],
  async inject(context) {
    const mark = join(context.folder, 'mark');
    const text = `M=$WATCHKEEPER_METRICS; rm -f $M; mkdir -p $M/in; echo x > $M/in/file; touch ${mark}; exec sleep 600`;
    const tried = trial(context, { modules: { hangs: shell(text), fine: shell('exit 0') } });
    const supervisor = context.start(tried.workspace.root);
    await whileAlive(supervisor, 'the module runs', () => existsSync(mark));
    supervisor.process.kill('SIGKILL');
    tried.witness.hear((await supervisor.ended).stdout);
    const { code, stderr } = await once(context, tried, ['fine']);
    const problems = code === 0 ? [] : [`the next start ended with ${code}: ${stderr.slice(-300)}`];
    return conclude(tried, problems, 'a folder in the place of a report', {
      killPoints: 1,
      faultsInjected: 1,
    });
  },
};

/** What cannot be removed, for who is not root. */
const STUBBORN: Record<string, string> = {
  'closed-folder': 'rm -f $M; mkdir $M; echo x > $M/file; chmod 000 $M',
  'folder-for-reading': 'rm -f $M; mkdir -p $M/in; echo x > $M/in/file; chmod 500 $M/in $M',
  'closed-file': `echo '${LINE}' > $M; chmod 000 $M`,
  'closed-parent': 'sleep 0.3; chmod 500 $(dirname $M)',
};

export const stubbornMetricsFile: Fault = {
  id: 'children/metrics-file-that-stays',
  group: 'children',
  weight: 'medium',
  fault:
    'a module of an ordinary user makes its metrics file a folder that can be neither read nor removed, or closes the folder around it',
  promise: 'the run is recorded as it was, the supervisor says so and goes on',
  quick: false,
  needs: ['linux', 'root', 'otherUser'],
  async inject(context) {
    const problems: string[] = [];
    for (const [name, text] of Object.entries(STUBBORN))
      problems.push(...(await stubborn(context, name, text)));
    return outcome(problems, `${Object.keys(STUBBORN).length} ways`, {
      faultsInjected: Object.keys(STUBBORN).length,
    });
  },
};

async function stubborn(context: FaultContext, name: string, text: string): Promise<string[]> {
  const modules = { [name]: shell(`M=$WATCHKEEPER_METRICS; ${text}`), other: shell('sleep 0.5') };
  const tried = trial(context, { modules });
  const { root } = tried.workspace;
  chmodSync(context.folder, 0o755);
  giveAway(root);
  const around = ['setpriv', ...AS_NOBODY];
  const { runs, stderr, code } = await once(context, tried, [], { around });
  const problems = [
    ...unlike(runs, name, { outcome: 'ok', exitCode: 0 }),
    ...unlike(runs, 'other', { outcome: 'ok' }),
    ...(code === 0 ? [] : [`${name}: exit code ${code}, ${stderr.slice(-300)}`]),
  ];
  const again = await once(context, tried, ['other'], { around });
  if (again.code !== 0)
    problems.push(`${name}: the next start ended with ${again.code}: ${again.stderr.slice(-300)}`);
  return problems;
}

/** The whole folder to the user `nobody`. */
function giveAway(folder: string): void {
  chownSync(folder, 65_534, 65_534);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    chownSync(`${folder}/${name}`, 65_534, 65_534);
}
