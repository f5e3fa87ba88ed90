import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { until } from '../../helpers/until.ts';
import { type Fault, type FaultContext, missed, outcome } from '../fault.ts';
import { processesOf } from '../invariants/leftovers.ts';
import { Witness } from '../invariants.ts';
import { type Pipeline, pipeline } from '../pipeline.ts';
import { SUPERVISOR, whileAlive } from '../program.ts';

/** A module that does not end when it is told to. */
const STUBBORN = `history: { runs: 10000 }
modules:
  quick: { command: sh step.sh 0 }
  stubborn: { command: "sh -c 'trap : TERM; echo on > ../trapped; while :; do sleep 1; done'", killGrace: 10m }
`;

export const sigtermTwice: Fault = {
  id: 'crash/sigterm-twice',
  group: 'crash',
  weight: 'high',
  fault: 'SIGTERM while a module runs that does not end on it, then SIGTERM once more',
  promise: 'the second one ends it at once and the module with it; the next start records the run as killed',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context, { yaml: STUBBORN });
    const witness = new Witness(line);
    const supervisor = context.start(line.workspace.root);
    const trapped = line.workspace.path('../trapped');
    await whileAlive(
      supervisor,
      'the module runs',
      () => existsSync(trapped) && line.started('quick').length > 0,
    );
    supervisor.process.kill('SIGTERM');
    await whileAlive(supervisor, 'the first is answered', () =>
      supervisor.stderr().includes('SIGTERM: ending'),
    );
    const isHeld = processesOf(line.workspace).length > 0;
    supervisor.process.kill('SIGTERM');
    const { stdout } = await supervisor.ended;
    witness.hear(stdout);
    if (!isHeld) return missed('the module had ended on the first one');
    const problems: string[] = [];
    await until('the module is gone', () => processesOf(line.workspace).length === 0, 10_000).catch(() =>
      problems.push('the module still runs'),
    );
    const next = await context.start(line.workspace.root, ['once', 'quick', '--json']).ended;
    witness.hear(next.stdout);
    if (next.code !== 0) problems.push(`the next start ended with ${next.code}: ${next.stderr.slice(-300)}`);
    const shown = JSON.parse(readFileSync(line.workspace.path('data/performance.json'), 'utf8'));
    const outcomes = shown.modules.stubborn?.runs.map((run: { outcome: string }) => run.outcome);
    if (String(outcomes) !== 'killed') problems.push(`the run was recorded as ${outcomes}`);
    const verdict = await witness.verdict();
    return outcome([...problems, ...verdict.problems], 'two SIGTERMs', {
      faultsInjected: 2,
      ...verdict.counts,
    });
  },
};

export const orderlySignals: Fault = {
  id: 'crash/orderly-signals',
  group: 'crash',
  weight: 'high',
  fault: 'SIGTERM, SIGINT, SIGHUP at random moments',
  promise: 'each is an orderly end: exit code 0, every run recorded and shown, no process left',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    const problems: string[] = [];
    const rounds = { quick: 1, full: 15 }[context.size];
    const signals = (['SIGTERM', 'SIGINT', 'SIGHUP'] as const).flatMap(name =>
      Array<NodeJS.Signals>(rounds).fill(name),
    );
    for (const signal of signals) {
      const before = line.started('quick').length;
      const supervisor = context.start(line.workspace.root);
      await whileAlive(supervisor, 'modules run', () => line.started('quick').length > before);
      await new Promise(resolve => setTimeout(resolve, context.random() * 1_000));
      supervisor.process.kill(signal);
      const { code, stdout, stderr } = await supervisor.ended;
      witness.hear(stdout);
      if (code !== 0) problems.push(`${signal}: exit code ${code}: ${stderr.slice(-300)}`);
      if (!stderr.includes(`${signal}: ending`)) problems.push(`${signal} was not answered`);
      const { problems: found } = await witness.verdict();
      problems.push(...found.map(problem => `after ${signal}: ${problem}`));
    }
    const { counts } = await witness.verdict();
    return outcome(problems, `${signals.length} signals`, { faultsInjected: signals.length, ...counts });
  },
};

/** What a user types: the reader takes one line and goes away. */
const PIPED = { stdout: '"$@" | head -n 1', 'stdout and stderr': '"$@" 2>&1 | head -n 1' };

export const readerGone: Fault = {
  id: 'crash/reader-gone',
  group: 'crash',
  weight: 'high',
  fault: 'the output goes into `head -n 1`, which ends after a line: every further write fails with EPIPE',
  promise: 'it goes on running, recording and committing, and ends in order',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const problems: string[] = [];
    for (const [what, script] of Object.entries(PIPED)) {
      const line = pipeline(context);
      const witness = new Witness(line);
      const said = await pipedAway(context, line, script);
      problems.push(...said.map(problem => `${what}: ${problem}`));
      const { problems: found } = await witness.verdict();
      problems.push(...found.map(problem => `${what}: ${problem}`));
    }
    return outcome(problems, 'the reader was gone in two ways', { faultsInjected: 2 });
  },
};

async function pipedAway(context: FaultContext, line: Pipeline, script: string): Promise<string[]> {
  const { root } = line.workspace;
  const command = [process.execPath, SUPERVISOR, 'run', '--root', root];
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
  const child = spawn(
    'sh',
    ['-c', `echo $$ > "$0"; ${script}; echo gone >> "$0"`, `${root}.gone`, ...command],
    {
      env,
      stdio: 'ignore',
    },
  );
  const ended = once(child, 'close');
  const pid = (): number =>
    JSON.parse(readFileSync(line.workspace.path('data/status.json'), 'utf8')).supervisor.pid;
  context.after(async () => {
    if (child.exitCode === null) process.kill(pid(), 'SIGKILL');
    await ended;
  });
  await until('an iteration has ended', () => existsSync(line.workspace.path('data/status.json')));
  const before = line.started('quick').length;
  await until('it goes on', () => line.started('quick').length >= before + 3 || child.exitCode !== null);
  const isOver = child.exitCode !== null;
  if (!isOver) process.kill(pid(), 'SIGTERM');
  await ended;
  return isOver ? ['it ended with the reader'] : [];
}
