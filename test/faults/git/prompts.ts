import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, type FaultContext, missed } from '../fault.ts';
import { conclude } from '../trial.ts';
import { canary } from './canary.ts';
import { configure } from './configure.ts';
import { quiet, running } from './running.ts';

/** A commit is abandoned after 10 s: one that took less has waited for nobody. */
const LIMIT_MS = 9_000;

export const prompts: Fault = {
  id: 'git/prompts',
  group: 'git',
  weight: 'high',
  fault:
    'signing is on (gpg, ssh), askpass programs and editors hang, a remote wants a password, the repository is a partial clone of it that lacks objects',
  promise: 'nothing is asked, signed or fetched, and no commit waits',
  quick: false,
  needs: [],
  async inject(context) {
    const remote = await askingRemote(context);
    const hangs = canary(context, 'exec sleep 1000');
    const tried = quiet(context, { files: { 'code.ts': 'one\n' } });
    const { git } = tried.workspace;
    const variables = Object.fromEntries(
      [
        'GIT_ASKPASS',
        'SSH_ASKPASS',
        'GIT_EDITOR',
        'EDITOR',
        'VISUAL',
        'GIT_SSH',
        'GIT_SSH_COMMAND',
        'GIT_PROXY_COMMAND',
      ].map(name => [name, hangs.path]),
    );
    const env = { ...variables, GIT_TERMINAL_PROMPT: '1', SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' };
    const supervisor = await running(context, tried, { env });
    const problems: string[] = [];
    const undo: (() => void)[] = [];
    let slowest = 0;
    const phases = Object.entries(phasesWith(hangs.path, remote.url));
    for (const [what, settings] of phases) {
      undo.push(configure(tried.workspace, settings));
      const start = performance.now();
      const commit = await supervisor.iterate();
      const took = performance.now() - start;
      slowest = Math.max(slowest, took);
      if (commit === null) problems.push(`${what}: no commit (${supervisor.said(/^warning/).at(-1)})`);
      else if (took > LIMIT_MS) problems.push(`${what}: ${(took / 1000).toFixed(1)} s`);
      else if (/gpgsig/.test(git('cat-file', 'commit', commit))) problems.push(`${what}: it is signed`);
      problems.push(...hangs.marks().map(mark => `${what}: ${mark} was run`));
    }
    if (remote.asked() > 0) problems.push(`the remote was asked ${remote.asked()} times`);
    if (!(await reallyAsks(tried.workspace.root, remote))) return missed('a fetch asks nobody');
    await supervisor.stop();
    undo[0]?.();
    const words = `${phases.length} settings, slowest iteration ${Math.round(slowest)} ms`;
    return conclude(tried, problems, words, { faultsInjected: phases.length });
  },
};

function phasesWith(program: string, url: string): Record<string, [string, string][]> {
  return {
    gpg: [
      ['commit.gpgSign', 'true'],
      ['tag.gpgSign', 'true'],
      ['user.signingKey', 'ABCD'],
      ['gpg.program', program],
    ],
    ssh: [
      ['gpg.format', 'ssh'],
      ['gpg.ssh.program', program],
      ['gpg.ssh.defaultKeyCommand', program],
    ],
    editor: [
      ['core.editor', program],
      ['sequence.editor', program],
      ['commit.verbose', 'true'],
      ['commit.template', '/dev/zero'],
    ],
    askpass: [
      ['core.askPass', program],
      ['credential.helper', program],
      ['core.sshCommand', program],
    ],
    remote: [
      ['remote.origin.url', url],
      ['remote.pushDefault', 'origin'],
      ['branch.main.remote', 'origin'],
      ['branch.main.merge', 'refs/heads/main'],
      ['push.default', 'current'],
      ['fetch.writeCommitGraph', 'true'],
    ],
    'partial clone': [
      ['core.repositoryFormatVersion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.partialCloneFilter', 'blob:none'],
    ],
  };
}

interface Remote {
  url: string;
  /** How many requests it has had. */
  asked(): number;
}

/** A server that wants a password for everything. */
async function askingRemote(context: FaultContext): Promise<Remote> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/repository.git`, asked: () => asked };
}

/** The fault is a fault: a fetch of somebody else is asked for a password. */
async function reallyAsks(root: string, remote: Remote): Promise<boolean> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_TERMINAL_PROMPT: '0' };
  const options = ['-c', 'core.askPass=true', '-c', 'credential.helper=', 'fetch', remote.url];
  const child = spawn('git', options, { cwd: root, env, stdio: 'ignore' });
  await once(child, 'close');
  return remote.asked() > 0;
}
