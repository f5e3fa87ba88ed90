import { spawn } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gitEnvironment, type Workspace } from '../../helpers/workspace.ts';
import { type Fault, type FaultContext, outcome } from '../fault.ts';

const COMMITS = { quick: 200, full: 10_000 };

/** One-off work falls into the first commits. */
const WARM_UP = 20;

/** A commit may cost so many times as much in the end as in the beginning; on a busy machine all figures swing. */
const SLOWER = 2;
/** Loose objects of ours: those that wait to be packed, and what comes while that goes on. */
const LOOSE = 3_000;
/** What a commit adds: three files with a hundred runs of each of three modules, packed, and a share of the loose ones. */
const BYTES = { quick: 60_000, full: 6_000 };

export const manyCommits: Fault = {
  id: 'git/ten-thousand-commits',
  group: 'git',
  weight: 'medium',
  fault: '10,000 commits of three modules with a hundred runs each, one after the other',
  promise: "the last ones cost as much as the first ones, and git's folder stays small",
  quick: false,
  needs: [],
  limitSeconds: { quick: 240, full: 7_200 },
  async inject(context) {
    const workspace = context.workspace({ 'code.ts': 'one\n' });
    mkdirSync(workspace.path('data'));
    const count = COMMITS[context.size];
    const times = await commitMany(context, workspace, count);
    const tenth = Math.floor((times.length - WARM_UP) / 10);
    const first = typical(times.slice(WARM_UP, WARM_UP + tenth));
    const last = typical(times.slice(-tenth));
    const { loose, packs, bytes } = sizeOf(workspace);
    const problems = [
      ...(times.length === count ? [] : [`${times.length} commits instead of ${count}`]),
      ...(last <= first * SLOWER ? [] : ['the last commits are slower']),
      ...(loose <= LOOSE ? [] : ['loose objects are not packed']),
      ...(bytes / count <= BYTES[context.size] ? [] : [`${Math.round(bytes / count)} bytes a commit`]),
    ];
    workspace.git('fsck', '--strict', '--no-dangling', '--no-progress');
    const made = Number(workspace.git('rev-list', '--count', '--author=Watchkeeper', 'HEAD'));
    if (made !== count) problems.push(`the branch has ${made} commits of ours`);
    const dirty = workspace.git('status', '--porcelain').trim();
    if (dirty !== '') problems.push(`git status says ${dirty}`);
    return outcome(
      problems,
      `${count} commits, first tenth ${first.toFixed(1)} ms each, last tenth ${last.toFixed(1)} ms (x ${(last / first).toFixed(2)}), .git ${(bytes / 1e6).toFixed(1)} MB, ${loose} loose objects, ${packs} packs`,
    );
  },
};

async function commitMany(context: FaultContext, { root }: Workspace, count: number): Promise<number[]> {
  const script = join(import.meta.dirname, 'commit-many.ts');
  const child = spawn(process.execPath, [script, root, String(count)], {
    env: gitEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise(resolve => child.once('close', resolve));
  context.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await closed;
  });
  let [stdout, stderr, told] = ['', '', 0];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const done = stdout.split('\n').length - 1;
    if (done - told < 500) return;
    told = done;
    context.progress(`${done} commits`);
  });
  await closed;
  if (child.exitCode !== 0 || stderr !== '')
    throw new Error(`commits ended with ${child.exitCode}: ${stderr.slice(-1000)}`);
  return stdout.split('\n').filter(Boolean).map(Number);
}

/** The median: others use the machine, too. */
function typical(times: number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

function sizeOf({ git, path }: Workspace): { loose: number; packs: number; bytes: number } {
  const figure = (name: string): number =>
    Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(git('count-objects', '-v'))?.[1]);
  return { loose: figure('count'), packs: figure('packs'), bytes: bytesBelow(path('.git')) };
}

function bytesBelow(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  // What a file takes on the disk: most loose objects are smaller than a block.
  return names.reduce((sum, name) => sum + lstatSync(join(folder, name)).blocks * 512, 0);
}
