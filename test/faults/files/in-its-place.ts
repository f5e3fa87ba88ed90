import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { TWO_STEPS } from '../../helpers/steps.ts';
import type { Workspace } from '../../helpers/workspace.ts';
import { peakMb } from '../children/processes.ts';
import { type Fault, type FaultContext, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { once } from '../trial.ts';

const FILES = ['performance.json', 'status.json', 'anomalies.log'];

/** Puts something in the place of a file. */
type Place = (path: string) => void;

const PLACES: Record<string, Place> = {
  'a FIFO': path => void execFileSync('mkfifo', [path]),
  'a folder': path => {
    mkdirSync(path);
    writeFileSync(join(path, 'inside'), 'mine');
  },
  'a device': path => void execFileSync('mknod', [path, 'c', '1', '5']), // /dev/zero
  'a link that leads nowhere': path => symlinkSync('/nowhere/at/all', path),
  'a link to itself': path => symlinkSync(path, path),
};

export const otherKinds: Fault = {
  id: 'files/other-kinds-of-files',
  group: 'files',
  weight: 'high',
  fault:
    'a FIFO, a folder, a device, a dead link, a link to itself in the place of each of the three files and of the store',
  promise: 'set aside or refused with words, never opened, no hang, what was in it stays',
  quick: false,
  needs: ['linux', 'root'],
  limitSeconds: { quick: 300, full: 900 },
  async inject(context) {
    const line = pipeline(context, { yaml: TWO_STEPS });
    const { workspace } = line;
    const witness = new Witness(line, { adopted: true });
    const problems: string[] = [];
    await once(context, { workspace, witness });
    let tried = 0;
    for (const file of [...FILES, 'watchkeeper.db']) {
      for (const [what, put] of Object.entries(PLACES)) {
        rmSync(workspace.path('data', file), { force: true });
        if (file === 'watchkeeper.db')
          for (const side of ['-wal', '-shm'])
            rmSync(workspace.path('data', `${file}${side}`), { force: true });
        put(workspace.path('data', file));
        const { code, stderr } = await context.start(workspace.root, ['once', '--json']).ended;
        tried += 1;
        const where = `${what} as ${file}`;
        context.progress(`${where}: ${code}, ${stderr.trim().split('\n')[0]?.slice(0, 140) ?? ''}`);
        if (code !== 0 && code !== 1 && code !== 4) problems.push(`${where}: it ended with ${code}`);
        if (!stderr.includes(file)) problems.push(`${where}: it was not told: ${stderr.slice(0, 200)}`);
        if (code !== 4 && !lstatSync(workspace.path('data', file)).isFile())
          problems.push(`${where}: it is still there`);
        if (code === 4) rmSync(workspace.path('data', file), { recursive: true, force: true });
      }
    }
    if (!readdirSync(workspace.path('data')).some(name => existsSync(workspace.path('data', name, 'inside'))))
      problems.push('what was in the folder is gone');
    await context.start(workspace.root, ['once', '--json']).ended;
    return outcome(problems, `${tried} files`, { faultsInjected: tried });
  },
};

export const linkOutside: Fault = {
  id: 'files/links-outside',
  group: 'files',
  weight: 'critical',
  fault: 'each file of `data/`, its folders and `data/` itself are links to places outside',
  promise: 'nothing there is read, written or committed; said in words',
  quick: false,
  needs: ['linux'],
  limitSeconds: { quick: 300, full: 900 },
  async inject(context) {
    const problems: string[] = [];
    const names = [
      ...FILES,
      'watchkeeper.db',
      'runs',
      'triggers',
      'watchkeeper.lock',
      'watchkeeper.owner.json',
      'watchkeeper.gate',
      '.gitignore',
      'metrics.sock',
      '.',
    ];
    for (const name of names) {
      const outside = join(context.folder, `outside-${names.indexOf(name)}`);
      const secret = 'the content of a file outside';
      mkdirSync(outside);
      writeFileSync(join(outside, 'file'), secret);
      const { workspace } = pipeline(context, { yaml: TWO_STEPS });
      await context.start(workspace.root, ['once', '--json']).ended;
      const path = workspace.path('data', name);
      const isFolder =
        lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? ['runs', 'triggers'].includes(name);
      rmSync(path, { recursive: true, force: true });
      symlinkSync(isFolder ? outside : join(outside, 'file'), name === '.' ? workspace.path('data') : path);
      const { code, stderr } = await context.start(workspace.root, ['once', '--json']).ended;
      context.progress(`${name}: ${code}, ${stderr.trim().split('\n')[0]?.slice(0, 140) ?? ''}`);
      const now = readdirSync(outside).join();
      if (now !== 'file') problems.push(`${name}: written outside: ${now}`);
      if (readFileSync(join(outside, 'file'), 'utf8') !== secret)
        problems.push(`${name}: the file outside was changed`);
      if (committed(workspace).includes(secret)) problems.push(`${name}: the file outside was committed`);
      if (code === null || code > 4) problems.push(`${name}: it ended with ${code}`);
    }
    return outcome(problems, `${names.length} links`, { faultsInjected: names.length });
  },
};

function committed(workspace: Workspace): string {
  return workspace.git('log', '--all', '--patch', '--format=', '--', 'data');
}

const ZEROS = { quick: 60_000_000, full: 600_000_000 };

export const zeros: Fault = {
  id: 'files/600-mb-of-zeros',
  group: 'files',
  weight: 'high',
  fault: '600 MB of zeros in the place of performance.json, with and without a store',
  promise: 'memory stays under 250 MB; set aside, made anew',
  quick: false,
  needs: ['linux', 'prlimit'],
  async inject(context) {
    const line = pipeline(context, { yaml: TWO_STEPS });
    const { workspace } = line;
    const problems: string[] = [];
    await context.start(workspace.root, ['once', '--json']).ended;
    for (const store of [true, false]) {
      const path = workspace.path('data', 'performance.json');
      closeSync(openSync(path, 'w'));
      truncateSync(path, ZEROS[context.size]);
      if (!store) rmSync(workspace.path('data', 'watchkeeper.db'));
      const { code, stderr } = await peak(context, workspace, problems);
      const where = store ? 'with the store' : 'without a store';
      if (code !== 0 && code !== 1) problems.push(`${where}: it ended with ${code}: ${stderr.slice(-200)}`);
      if (!stderr.includes('performance.json')) problems.push(`${where}: it was not told`);
      if (lstatSync(path).size > 1_000_000) problems.push(`${where}: it is still there`);
    }
    return outcome(problems, `${ZEROS[context.size] / 1e6} MB, twice`, { faultsInjected: 2 });
  },
};

/** Its own largest memory, asked again and again while it lives. */
async function peak(context: FaultContext, workspace: Workspace, problems: string[]) {
  const supervisor = context.start(workspace.root, ['once', '--json']);
  let largest = 0;
  const look = setInterval(() => {
    largest = Math.max(largest, peakOf(supervisor.process.pid));
  }, 20);
  const ended = await supervisor.ended.finally(() => clearInterval(look));
  if (largest === 0) problems.push('its memory was not seen');
  if (largest > 250) problems.push(`it needed ${largest} MB`);
  context.progress(`${largest} MB`);
  return ended;
}

function peakOf(pid: number | undefined): number {
  try {
    return Math.round(peakMb(pid));
  } catch {
    return 0; // it has just ended
  }
}
