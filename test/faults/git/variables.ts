import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, missed } from '../fault.ts';
import { conclude } from '../trial.ts';
import { canary } from './canary.ts';
import { quiet, running } from './running.ts';

const ITERATIONS = { quick: 2, full: 20 };

export const foreignVariables: Fault = {
  id: 'git/variables',
  group: 'git',
  weight: 'critical',
  fault:
    'the supervisor is started with GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY, GIT_CONFIG_PARAMETERS, GIT_AUTHOR_NAME and others of another repository, as from one of its hooks',
  promise:
    'they are ignored: commits go where the workspace is, under our name, and the other repository stays as it is',
  quick: true,
  needs: [],
  async inject(context) {
    const other = context.workspace({ 'other.ts': 'other\n' });
    other.write('staged.ts', 'staged\n');
    other.git('add', 'staged.ts');
    const tried = quiet(context, { files: { 'code.ts': 'one\n' } });
    const program = canary(context);
    const traces = ['GIT_TRACE', 'GIT_TRACE2_EVENT', 'GIT_TRACE_SETUP'].map(name => [
      name,
      join(context.folder, name),
    ]);
    const env: Record<string, string> = {
      GIT_DIR: other.path('.git'),
      GIT_WORK_TREE: other.root,
      GIT_COMMON_DIR: other.path('.git'),
      GIT_INDEX_FILE: other.path('.git/index'),
      GIT_OBJECT_DIRECTORY: other.path('.git/objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: other.path('.git/objects'),
      GIT_NAMESPACE: 'elsewhere',
      GIT_PREFIX: 'elsewhere/',
      GIT_CEILING_DIRECTORIES: join(tried.workspace.root, '..'),
      GIT_CONFIG: join(context.folder, 'no-such-file'),
      GIT_CONFIG_GLOBAL: join(context.folder, 'no-such-file'),
      GIT_CONFIG_PARAMETERS: `'core.fsmonitor'='${program.path}' 'core.bare'='true'`,
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: join(program.path, '..'),
      GIT_CONFIG_KEY_1: 'core.worktree',
      GIT_CONFIG_VALUE_1: other.root,
      GIT_EXEC_PATH: join(program.path, '..'),
      GIT_TEMPLATE_DIR: join(program.path, '..'),
      GIT_EXTERNAL_DIFF: program.path,
      GIT_PAGER: program.path,
      GIT_AUTHOR_NAME: 'Somebody Else',
      GIT_AUTHOR_EMAIL: 'else@example.org',
      GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z',
      GIT_COMMITTER_NAME: 'Somebody Else',
      GIT_COMMITTER_DATE: '2001-01-01T00:00:00Z',
      GIT_QUARANTINE_PATH: other.path('.git/objects'),
      GIT_LITERAL_PATHSPECS: '1',
      GIT_ICASE_PATHSPECS: '1',
      GIT_DEFAULT_HASH: 'sha256',
      GIT_REFLOG_ACTION: 'elsewhere',
      ...Object.fromEntries(traces),
    };
    const before = stateOf(other);
    const supervisor = await running(context, tried, { env });
    const { git } = tried.workspace;
    const problems: string[] = [];
    for (let turn = 0; turn < ITERATIONS[context.size]; turn += 1) {
      const commit = await supervisor.iterate();
      if (commit === null) return missed(`no commit: ${supervisor.said(/^warning/).at(-1)}`);
      const head = git('log', '-1', '--format=%h %an <%ae> %cn %ad %cd', '--date=format:%Y').trim();
      const year = new Date().getFullYear();
      const expected = `${commit} Watchkeeper <watchkeeper@localhost> Watchkeeper ${year} ${year}`;
      if (head !== expected) problems.push(`the newest commit is '${head}', not '${expected}'`);
    }
    const { runs } = await supervisor.stop();
    const first = git('rev-list', '--max-parents=0', '--abbrev-commit', 'HEAD').trim();
    for (const { revision } of runs)
      if (revision !== first) problems.push(`a run has the revision ${revision}, not ${first}`);
    if (stateOf(other) !== before) problems.push('the other repository has changed');
    problems.push(...program.marks().map(mark => `${mark} was run`));
    for (const [name = '', path = ''] of traces) if (existsSync(path)) problems.push(`${name} was followed`);
    const count = Object.keys(env).length;
    return conclude(tried, problems, `${count} variables`, { faultsInjected: count });
  },
};

function stateOf({ git }: { git(...args: string[]): string }): string {
  const objects = git('count-objects', '-v');
  return [git('for-each-ref'), git('status', '--porcelain'), git('ls-files', '--stage'), objects].join('\n');
}
