import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { gitEnvironment, type Workspace, workspaceAt } from '../../helpers/workspace.ts';
import { type Fault, type FaultContext, outcome } from '../fault.ts';

/** What a start in some place is to come to. */
interface Place {
  /** The workspace, and how the supervisor is started in it. */
  make(context: FaultContext): { workspace: Workspace; env?: Record<string, string> };
  /** What the one warning says; null where commits can be made. */
  says: RegExp | null;
  /** What must hold beside that; in words what does not. */
  also?(workspace: Workspace): string[];
}

const YAML = `git: { commitOn: [ok, recovered, persisted, anomaly, error] }
modules:
  step: { command: "true" }
`;

function repository(context: FaultContext, folder?: string): Workspace {
  return context.workspace({ 'watchkeeper.yaml': YAML }, folder);
}

/** Git with settings of its own for what the row itself does. */
function gitIn(folder: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    cwd: folder,
    env: gitEnvironment(),
    stdio: 'pipe',
  });
}

const NOBODY = 65_534;

const PLACES: Record<string, Place> = {
  'no git on the PATH': {
    make(context) {
      const folder = join(context.folder, 'bin');
      mkdirSync(folder);
      for (const name of ['sh', 'true', 'perl', 'nice'])
        symlinkSync(
          execFileSync('sh', ['-c', `command -v ${name === 'true' ? '/bin/true' : name}`], {
            encoding: 'utf8',
          }).trim(),
          join(folder, name),
        );
      symlinkSync(execPath, join(folder, 'node'));
      return { workspace: repository(context), env: { PATH: folder } };
    },
    says: /no git on the PATH/,
  },
  'no repository': {
    make(context) {
      const workspace = repository(context);
      rmSync(workspace.path('.git'), { recursive: true });
      return { workspace };
    },
    says: /not in a git repository/,
  },
  'another owner': {
    make(context) {
      const workspace = repository(context);
      for (const name of ['', '.git']) chownSync(workspace.path(name), NOBODY, NOBODY);
      return { workspace };
    },
    says: /safe\.directory/,
  },
  'a bare repository': {
    make(context) {
      const workspace = repository(context);
      workspace.git('config', 'core.bare', 'true');
      return { workspace };
    },
    says: /work tree/,
  },
  'no identity': {
    make(context) {
      const workspace = repository(context);
      workspace.git('config', 'user.useConfigOnly', 'true');
      return { workspace };
    },
    says: null,
  },
  'data/ ignored': {
    make(context) {
      const workspace = repository(context);
      workspace.write('.gitignore', 'logs/\ndata/\n*.json\n*.log\n');
      workspace.git('commit', '--quiet', '--all', '--message=ignore');
      return { workspace };
    },
    says: null,
  },
  'a linked work tree': {
    make(context) {
      const main = repository(context);
      const root = join(context.folder, 'linked');
      main.git('worktree', 'add', '--quiet', '-b', 'linked', root);
      return { workspace: workspaceAt(root) };
    },
    says: null,
    also: ({ git }) =>
      git('log', '--format=%an', 'main').includes('Watchkeeper') ? ['main has a commit of ours'] : [],
  },
  'a shallow clone': {
    make(context) {
      const origin = repository(context);
      origin.git('commit', '--quiet', '--allow-empty', '--message=second');
      const root = join(context.folder, 'shallow');
      gitIn(context.folder, 'clone', '--quiet', '--depth=1', `file://${origin.root}`, root);
      return { workspace: workspaceAt(root) };
    },
    says: null,
  },
  'a submodule': {
    make(context) {
      const origin = repository(context);
      const outer = context.workspace({ 'outer.ts': 'outer\n' });
      gitIn(outer.root, 'submodule', '--quiet', 'add', origin.root, 'inner');
      gitIn(outer.root, 'commit', '--quiet', '--message=submodule');
      gitIn(outer.path('inner'), 'switch', '--quiet', 'main');
      return { workspace: workspaceAt(outer.path('inner')) };
    },
    says: null,
    also: ({ path }) => {
      const outer = workspaceAt(path('..'));
      return outer.git('log', '--format=%an').includes('Watchkeeper')
        ? ['the outer repository has our commit']
        : [];
    },
  },
  'a folder in a repository': {
    make(context) {
      const outer = context.workspace({ 'deep/er/watchkeeper.yaml': YAML });
      return { workspace: workspaceAt(outer.path('deep/er')) };
    },
    says: null,
  },
};

export const places: Fault = {
  id: 'git/places',
  group: 'git',
  weight: 'medium',
  fault: `the workspace is in an unusual place: ${Object.keys(PLACES).join(', ')}`,
  promise: 'where a commit can be made it is; where not, one message says what to do, and runs go on',
  quick: false,
  needs: ['linux', 'root'],
  limitSeconds: { quick: 180, full: 600 },
  async inject(context) {
    const problems: string[] = [];
    for (const [what, place] of Object.entries(PLACES)) {
      const found = await startIn(context, place);
      problems.push(...found.map(problem => `${what}: ${problem}`));
      context.progress(`${what}: ${found.join('; ') || 'kept'}`);
    }
    const count = Object.keys(PLACES).length;
    return outcome(problems, `${count} places`, { faultsInjected: count });
  },
};

async function startIn(context: FaultContext, { make, says, also }: Place): Promise<string[]> {
  const { workspace, env = {} } = make(context);
  const problems: string[] = [];
  const lines: { type: string; commit?: string | null; run?: { outcome: string } }[] = [];
  const args = ['once', '--json'];
  for (const _turn of [1, 2]) {
    const { code, stdout, stderr } = await context.start(workspace.root, args, { env }).ended;
    if (code !== 0) problems.push(`it ended with ${code}: ${stderr.slice(-200)}`);
    lines.push(
      ...stdout
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line)),
    );
    const warnings = stderr.split('\n').filter(line => line.startsWith('warning: '));
    if (warnings.length !== (says === null ? 0 : 1)) problems.push(`it said '${warnings.join("', '")}'`);
    if (says !== null && !says.test(warnings[0] ?? '')) problems.push(`it said '${warnings[0]}'`);
  }
  const runs = lines.flatMap(({ run }) => run?.outcome ?? []);
  if (runs.join() !== 'ok,ok') problems.push(`the runs were ${runs.join(', ')}`);
  const commits = lines.flatMap(({ commit }) => commit ?? []);
  if (commits.length !== (says === null ? 2 : 0)) problems.push(`${commits.length} commits`);
  if (says === null) problems.push(...cleanProblems(workspace), ...(also?.(workspace) ?? []));
  return problems;
}

function cleanProblems({ git }: Workspace): string[] {
  const dirty = git('status', '--porcelain').trim();
  const newest = git('log', '-1', '--format=%an', '--', 'data/performance.json').trim();
  return [
    ...(dirty === '' ? [] : [`git status says '${dirty}'`]),
    ...(newest === 'Watchkeeper' ? [] : [`performance.json is of '${newest}'`]),
  ];
}
