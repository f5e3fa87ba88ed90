import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Something of the machine that rows need. The probe really does what rows do with it. */
interface Provided {
  /** The Debian package that brings it; null where no package can. */
  debian: string | null;
  /** Null where it works; else in words why not. */
  probe(): string | null;
}

const NEEDS = {
  linux: { debian: null, probe: () => (process.platform === 'linux' ? null : 'this is not Linux') },
  root: { debian: null, probe: () => (process.getuid?.() === 0 ? null : 'only root may do this') },
  strace: {
    debian: 'strace',
    probe: () =>
      said('sh', ['-c', 'strace -f -e inject=write:error=EIO sh -c "echo x" 2>&1; true'], /INJECTED/),
  },
  faketime: {
    debian: 'faketime',
    probe: () =>
      said('faketime', ['-f', '+1y', 'date', '+%Y'], new RegExp(`^${new Date().getFullYear() + 1}$`, 'm')),
  },
  fiu: {
    debian: 'fiu-utils',
    probe: () =>
      said(
        'sh',
        ['-c', "fiu-run -x -c 'enable name=posix/io/oc/open' cat /proc/self/stat 2>&1; true"],
        /space/i,
      ),
  },
  unshare: {
    debian: 'util-linux',
    probe: () => said('unshare', ['--mount', 'echo', 'separate'], /separate/),
  },
  /** The number of a process can be chosen within a PID namespace of its own. */
  chosenPid: {
    debian: null,
    probe: () => said('unshare', ['--pid', '--fork', '--mount-proc', 'sh', '-c', CHOOSE_500], /^500$/m),
  },
  mount: { debian: 'mount', probe: () => mounted('size=1m', 'echo mounted') },
  tmpfs: {
    debian: 'mount',
    probe: () => mounted('size=64k', 'head -c 100000 /dev/zero > $0/x || echo full'),
  },
  /** A file can be mounted as a disk with ext4. */
  loop: { debian: 'e2fsprogs', probe: () => probeLoop() },
  prlimit: {
    debian: 'util-linux',
    probe: () => said('prlimit', ['--nofile=40', 'sh', '-c', 'ulimit -n'], /^40$/m),
  },
  /** Programs can be run as the user `nobody`, Node and the checkout included. */
  otherUser: {
    debian: 'util-linux',
    probe: () =>
      said('setpriv', [...AS_NOBODY, process.execPath, '-p', READ_THIS, import.meta.filename], /^read$/m),
  },
  cgroup: { debian: null, probe: () => probeCgroup() },
  python3: { debian: 'python3', probe: () => said('python3', ['-c', 'print(6 * 7)'], /^42$/m) },
} satisfies Record<string, Provided>;

const CHOOSE_500 = "echo 499 > /proc/sys/kernel/ns_last_pid && sh -c 'echo $$'; true";
const READ_THIS = "require('node:fs').readFileSync(process.argv[1]) && 'read'";

export type Need = keyof typeof NEEDS;

/** Arguments of `setpriv` (and of `env`-like programs after them) that run the rest as the user nobody. */
export const AS_NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups', '--'];

const answers = new Map<Need, string | null>();

/** In words why a need is not met, or null; each is tried once in the life of the process. */
export function whyNot(need: Need): string | null {
  const known = answers.get(need);
  if (known !== undefined) return known;
  const answer = NEEDS[need].probe();
  answers.set(need, answer);
  return answer;
}

/** What is missing of these, in words; null where nothing is. */
export function missingOf(needs: Need[]): string | null {
  const missing = needs.flatMap(need => {
    const why = whyNot(need);
    return why === null ? [] : [`${need}: ${why}`];
  });
  return missing.length === 0 ? null : missing.join('; ');
}

/** The Debian package of a need. */
export function packageOf(need: Need): string | null {
  return NEEDS[need].debian;
}

/** After something was installed: everything is tried again. */
export function probeAgain(): void {
  answers.clear();
}

/** The hierarchy in which groups with a limit of their processes can be made (version 1 or 2); null without one. */
export function pidsCgroup(): string | null {
  const folders = ['/sys/fs/cgroup/pids', '/sys/fs/cgroup'];
  return folders.find(folder => canLimitIn(folder)) ?? null;
}

function canLimitIn(folder: string): boolean {
  if (!existsSync(join(folder, 'cgroup.procs'))) return false;
  const group = join(folder, `watchkeeper-probe-${process.pid}`);
  try {
    mkdirSync(group);
    const works = existsSync(join(group, 'pids.max'));
    rmdirSync(group);
    return works;
  } catch {
    return false; // not allowed, which is the answer
  }
}

function probeLoop(): string | null {
  const make =
    'truncate -s 4M "$0.image" && mkfs.ext4 -q "$0.image" && mount -o loop "$0.image" "$0" && echo mounted';
  return inTemporaryFolder(folder => {
    const inner = join(folder, 'disk');
    mkdirSync(inner);
    return said('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', make, inner], /mounted/);
  });
}

function probeCgroup(): string | null {
  return pidsCgroup() === null ? 'no group of processes can be made in /sys/fs/cgroup' : null;
}

/** Runs a program: null where its output is as expected. */
function said(program: string, args: string[], expected: RegExp): string | null {
  const { error, stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
  if (error !== undefined) return `${program} cannot be run (${error.message})`;
  if (expected.test(stdout)) return null;
  return `${program} does not work here (exit code ${status}): ${(stderr || stdout).trim().slice(0, 200)}`;
}

function mounted(options: string, script: string): string | null {
  return inTemporaryFolder(folder => {
    const act = `mount -t tmpfs -o ${options} none "$0" && { ${script}; }`;
    return said('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', act, folder], /mounted|full/);
  });
}

function inTemporaryFolder<T>(act: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-probe-'));
  try {
    return act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
