import { spawn } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gitEnvironment, type Workspace } from '../../helpers/workspace.ts';
import { type Fault, type FaultContext, outcome } from '../fault.ts';

const COMMITS = { quick: 200, full: 10_000 };

/** One-off work falls into the first commits. */
const WARM_UP = 20;

/**
 * A commit may cost so many times as much in the end as in the beginning, beside what a bare `git commit` of the same moment
 * does: how busy the machine is hits both alike.
 */
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
  promise:
    "beside a bare `git commit` of the same moment the last ones cost as much as the first ones, and git's folder stays small",
  quick: false,
  needs: [],
  limitSeconds: { quick: 240, full: 7_200 },
  async inject(context) {
    const workspace = context.workspace({ 'code.ts': 'one\n' });
    const count = COMMITS[context.size];
    const times = await commitMany(context, workspace, count);
    const ours = growthOf(times.map(({ oursMs }) => oursMs));
    const bare = growthOf(times.map(({ bareMs }) => bareMs));
    const slower = ours.last / ours.first / (bare.last / bare.first);
    const { loose, packs, bytes } = sizeOf(workspace);
    const problems = [
      ...(times.length === count ? [] : [`${times.length} commits instead of ${count}`]),
      ...(slower <= SLOWER ? [] : ['the last commits are slower']),
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
      `${count} commits, the last tenth x ${slower.toFixed(2)} beside bare git (${inWords(ours)}, bare ${inWords(bare)}), .git ${(bytes / 1e6).toFixed(1)} MB, ${loose} loose objects, ${packs} packs`,
    );
  },
};

/** How long a commit of ours took, and the bare one right after it. */
interface Pair {
  oursMs: number;
  bareMs: number;
}

async function commitMany(context: FaultContext, { root }: Workspace, count: number): Promise<Pair[]> {
  const script = join(import.meta.dirname, 'commit-many.ts');
  const bare = join(context.folder, 'bare');
  mkdirSync(bare);
  const child = spawn(process.execPath, [script, root, bare, String(count)], {
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
  return stdout
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [oursMs = Number.NaN, bareMs = Number.NaN] = line.split(' ').map(Number);
      return { oursMs, bareMs };
    });
}

/** What one takes in the first tenth and in the last, in milliseconds. */
interface Growth {
  first: number;
  last: number;
}

function growthOf(times: number[]): Growth {
  const tenth = Math.floor((times.length - WARM_UP) / 10);
  return { first: typical(times.slice(WARM_UP, WARM_UP + tenth)), last: typical(times.slice(-tenth)) };
}

function inWords({ first, last }: Growth): string {
  return `${first.toFixed(1)} -> ${last.toFixed(1)} ms`;
}

/** The median: a single commit that something got in the way of says nothing. */
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
