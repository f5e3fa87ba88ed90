import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, missed, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { movedClock } from '../moved-clock.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';
import { countIterations } from '../told.ts';

export const editedByHand: Fault = {
  id: 'files/edited-by-hand',
  group: 'files',
  weight: 'high',
  fault: 'performance.json and status.json are edited by hand while the supervisor runs',
  promise: 'noticed and told, the edited copy set aside, the file made anew from the store',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context);
    const { workspace } = line;
    const witness = new Witness(line);
    const supervisor = context.start(workspace.root);
    const problems: string[] = [];
    await whileAlive(supervisor, 'an iteration has ended', () => countIterations(supervisor) >= 1);
    for (const file of ['performance.json', 'status.json']) {
      const path = workspace.path('data', file);
      const said = supervisor.stderr().length;
      const edited = readFileSync(path, 'utf8').replace('"version"', '"note": "by hand", "version"');
      writeFileSync(`${path}.mine`, edited);
      renameSync(`${path}.mine`, path);
      const before = countIterations(supervisor);
      await whileAlive(
        supervisor,
        'two iterations have ended',
        () => countIterations(supervisor) >= before + 2,
      );
      const told = supervisor.stderr().slice(said);
      const copies = readdirSync(workspace.path('data')).filter(
        name => name.startsWith(`${file}.`) && readFileSync(workspace.path('data', name), 'utf8') === edited,
      );
      if (copies.length !== 1) problems.push(`${file}: the edited text is in ${copies.length} copies`);
      if (!copies.every(name => told.includes(name)))
        problems.push(`${file}: its copy was not told: ${told}`);
      if (readFileSync(path, 'utf8').includes('by hand')) problems.push(`${file}: the edit stayed`);
    }
    const { code, stdout } = await supervisor.stop();
    witness.hear(stdout);
    const verdict = await witness.verdict();
    if (code !== 0) problems.push(`it ended with ${code}`);
    return outcome([...problems, ...verdict.problems], 'two files', { faultsInjected: 2, ...verdict.counts });
  },
};

export const dataRemoved: Fault = {
  id: 'files/data-removed-in-use',
  group: 'files',
  weight: 'high',
  fault: '`rm -rf data` while the supervisor runs',
  promise:
    'it stops with 4 and says what has happened and what to do; the next start goes on with what git has',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context);
    const { workspace } = line;
    const supervisor = context.start(workspace.root);
    await whileAlive(supervisor, 'an iteration has ended', () => countIterations(supervisor) >= 2);
    rmSync(workspace.path('data'), { recursive: true, maxRetries: 20, retryDelay: 10 });
    const { code, stderr } = await supervisor.ended;
    const problems: string[] = [];
    if (code !== 4) problems.push(`it ended with ${code}`);
    if (!/removed|replaced/.test(stderr)) problems.push(`it said ${stderr.slice(-300)}`);
    const again = context.start(workspace.root, ['run', '--json', '--iterations', '1']);
    const last = await again.ended;
    if (last.code !== 0) problems.push(`the next start ended with ${last.code}: ${last.stderr.slice(-300)}`);
    return outcome(problems, stderr.trim().split('\n').at(-1)?.slice(0, 160) ?? '', { faultsInjected: 1 });
  },
};

export const clockBack: Fault = {
  id: 'files/clock-going-back',
  group: 'files',
  weight: 'medium',
  fault: 'the clock goes back by a day between two iterations',
  promise: 'runs stay in the order in which they happened, in the store, in performance.json and in the log',
  quick: false,
  needs: ['linux', 'faketime'],
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    const clock = movedClock(context, Date.parse('2026-06-02T12:00:00Z'));
    const supervisor = context.start(line.workspace.root, ['run', '--json'], { env: clock.env });
    await whileAlive(supervisor, 'an iteration has ended', () => countIterations(supervisor) >= 2);
    clock.set(clock.now() - 86_400_000);
    const before = countIterations(supervisor);
    await whileAlive(supervisor, 'more have ended', () => countIterations(supervisor) >= before + 3);
    const { code, stdout } = await supervisor.stop();
    witness.hear(stdout);
    const { problems, counts } = await witness.verdict();
    const shown = JSON.parse(readFileSync(line.workspace.path('data', 'performance.json'), 'utf8')) as {
      modules: Record<string, { runs: { iteration: number; startedAt: string }[] }>;
    };
    const runs = shown.modules['quick']?.runs ?? [];
    const times = runs.map(({ startedAt }) => startedAt);
    if (times.join() === times.toSorted().join()) return missed('no run has an earlier time');
    if (!isRising(runs.map(({ iteration }) => iteration))) problems.push('the runs are not in their order');
    if (code !== 0) problems.push(`it ended with ${code}`);
    return outcome(problems, `${runs.length} runs`, { faultsInjected: 1, ...counts });
  },
};

function isRising(numbers: number[]): boolean {
  return numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] ?? 0));
}

export const umaskZero: Fault = {
  id: 'files/umask-000',
  group: 'files',
  weight: 'medium',
  fault: 'the supervisor is started with umask 000, and with 777',
  promise: 'every file of data/ and logs/ is 0600, every folder 0700',
  quick: true,
  needs: ['linux'],
  async inject(context) {
    const problems: string[] = [];
    for (const mask of ['000', '777']) {
      const { workspace } = pipeline(context, { yaml: 'modules: { quick: { command: sh step.sh 0 } }\n' });
      const around = ['sh', '-c', `umask ${mask} && exec "$@"`, 'sh'];
      const { code } = await context.start(workspace.root, ['once', '--json'], { around }).ended;
      if (mask === '000' && code !== 0) problems.push(`with ${mask} it ended with ${code}`);
      problems.push(
        ...['data', 'logs']
          .flatMap(folder => openOnes(workspace.path(folder)))
          .map(name => `${mask}: ${name}`),
      );
    }
    return outcome(problems, 'two masks', { faultsInjected: 2 });
  },
};

function openOnes(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = [folder, ...entries.map(({ parentPath, name }) => join(parentPath, name))];
  return paths.flatMap(path => {
    const { mode } = statSync(path);
    const wanted = statSync(path).isDirectory() ? 0o700 : 0o600;
    return (mode & 0o777) === wanted ? [] : [`${path} is ${(mode & 0o777).toString(8)}`];
  });
}
