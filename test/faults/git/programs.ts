import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../../helpers/workspace.ts';
import { type Fault, type FaultContext, missed } from '../fault.ts';
import { conclude, type Trial } from '../trial.ts';
import { type Canary, canary, program } from './canary.ts';
import { configure } from './configure.ts';
import { quiet, type Running, running } from './running.ts';

const HOOKS = [
  'applypatch-msg',
  'pre-commit',
  'pre-merge-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'post-checkout',
  'post-rewrite',
  'pre-auto-gc',
  'pre-push',
  'reference-transaction',
  'post-index-change',
  'fsmonitor-watchman',
];

/** What a hook does when it runs. */
const DEEDS = {
  'that reject': 'exit 1',
  'that hang': 'exec sleep 1000',
  'that change things':
    'echo changed > changed.txt; git add changed.txt; test -z "$1" || echo changed >> "$1"',
};

const FILES = {
  'code.ts': 'one\n',
  'big.bin': 'one\n',
  '.gitattributes': '* filter=one diff=one\n*.bin filter=two merge=one\n',
};

/** Settings under which git runs a program. */
const settings = (path: string): Record<string, string> => ({
  'commit.gpgSign': 'true',
  'gpg.program': path,
  'log.showSignature': 'true',
  'core.editor': path,
  'core.pager': path,
  'core.fsmonitor': path,
  'core.sshCommand': path,
  'core.askPass': path,
  'core.alternateRefsCommand': path,
  'credential.helper': `!${path}`,
  'diff.external': path,
  'diff.one.textconv': path,
  'diff.one.command': path,
  'filter.one.clean': path,
  'filter.one.smudge': path,
  'filter.one.required': 'true',
  'filter.two.process': path,
  'merge.one.driver': path,
  'uploadpack.packObjectsHook': path,
  'trailer.sign.command': path,
  'trailer.watchkeeper-iteration.cmd': path,
  'alias.status': `!${path}`,
  'alias.update-ref': `!${path}`,
  'maintenance.auto': 'true',
  'gc.auto': '1',
});

export const foreignPrograms: Fault = {
  id: 'git/programs',
  group: 'git',
  weight: 'critical',
  fault:
    'hooks that reject, hang or change things, also in core.hooksPath, and settings that name programs: filters, textconv, fsmonitor, gpg, editor, credential helper, aliases',
  promise: 'none of them is ever run, and commits are made as without them',
  quick: true,
  needs: [],
  async inject(context) {
    const tried = quiet(context, { files: FILES });
    const { workspace } = tried;
    const supervisor = await running(context, tried);
    const problems: string[] = [];
    const phase = async (what: string, { marks }: Canary): Promise<void> => {
      for (const file of Object.keys(FILES)) utimesSync(workspace.path(file), new Date(), new Date());
      problems.push(...(await committedWithout(supervisor, marks)).map(problem => `${what}: ${problem}`));
    };
    for (const [what, deed] of Object.entries(DEEDS)) {
      const hook = canary(context, deed);
      hooksIn(workspace.path('.git/hooks'), hook);
      await phase(`hooks ${what}`, hook);
    }
    const struck = hooksReallyRun(context, workspace);
    rmSync(workspace.path('.git/hooks'), { recursive: true });
    const elsewhere = canary(context);
    hooksIn(join(elsewhere.path, '../hooks'), elsewhere);
    const original = configure(workspace, [['core.hooksPath', join(elsewhere.path, '../hooks')]]);
    await phase('core.hooksPath', elsewhere);
    const named = canary(context);
    configure(workspace, Object.entries(settings(named.path)));
    await phase('settings', named);
    await phase('settings, once more', named);
    if (!struck || !settingsReallyRun(workspace, named)) return missed('git runs none of them anyway');
    await supervisor.stop();
    original();
    return finish(tried, problems);
  },
};

function finish(tried: Trial, problems: string[]) {
  const many = HOOKS.length * (Object.keys(DEEDS).length + 1) + Object.keys(settings('')).length;
  return conclude(tried, problems, `${many} programs`, { faultsInjected: many });
}

async function committedWithout(supervisor: Running, marks: () => string[]): Promise<string[]> {
  const commit = await supervisor.iterate();
  const ran = marks().map(mark => `${mark} was run`);
  return commit === null ? [...ran, `no commit: ${supervisor.said(/^warning/).at(-1)}`] : ran;
}

function hooksIn(folder: string, { path }: Canary): void {
  for (const name of HOOKS) program(join(folder, name), `exec '${path}' ${name} "$@"`);
}

/** The fault is a fault: a git of somebody else runs such hooks. */
function hooksReallyRun(context: FaultContext, workspace: Workspace): boolean {
  const hook = canary(context, 'exit 1');
  hooksIn(workspace.path('.git/hooks'), hook);
  return fails(() => workspace.git('commit', '--allow-empty', '--message=mine')) && hook.marks().length > 0;
}

function settingsReallyRun(workspace: Workspace, { marks }: Canary): boolean {
  fails(() => workspace.git('diff', '--textconv'));
  fails(() => workspace.git('add', '--renormalize', 'code.ts'));
  const seen = marks().join('\n');
  return seen !== '';
}

function fails(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}
