import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Workspace } from '../../helpers/workspace.ts';
import { type Fault, type FaultContext, missed, outcome } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { countIterations } from '../told.ts';

/** One for each place where a secret can stand, so that a finding says where it came from. */
const CANARIES = {
  module: 'canary-of-a-module',
  service: 'canary-of-a-service',
  passed: 'canary-passed-on',
  database: 'canary-in-an-address',
  health: 'canary-of-a-health-check',
  path: 'canary-in-a-path',
  edit: 'canary-of-a-bad-edit',
};

const HEALTHY = 2;

const SAYS = `env | sort; env | sort >&2; echo "DB_PASSWORD=$DB_PASSWORD"; echo "{\\"metric\\":\\"$API_TOKEN" >> "$WATCHKEEPER_METRICS"
case "$WATCHKEEPER_MODULE" in fails) exit 3;; hangs) sleep 60;; esac
`;

function yaml(port: number): string {
  const env = `env: { API_TOKEN: ${CANARIES.module}, DB_PASSWORD: ${CANARIES.module}, DATABASE_URL: "postgres://me:${CANARIES.database}@host/db" }`;
  return `history: { runs: 10000 }
git: { commitOn: [ok, recovered, persisted, anomaly, error] }
schedule: every 1s
modules:
  says: { command: sh says.sh, ${env}, passEnv: [SESSION_SECRET] }
  fails: { command: sh says.sh, ${env}, retries: 1, retryDelay: 10ms }
  hangs: { command: sh says.sh, ${env}, timeout: 300ms, killGrace: 100ms }
  missing: { command: no-such-program, env: { PATH: "/${CANARIES.path}", API_TOKEN: ${CANARIES.module} } }
  nowhere: { command: sh says.sh, cwd: gone, ${env} }
services:
  feed: { command: sleep 600, env: { API_TOKEN: ${CANARIES.service} }, health: { http: "http://me:${CANARIES.health}@127.0.0.1:${port}/", every: 1s, failures: 2 } }
  ends: { command: sh -c 'env; sleep 2; exit 1', env: { API_TOKEN: ${CANARIES.service} } }
`;
}

export const canaries: Fault = {
  id: 'secrets/canaries',
  group: 'secrets',
  weight: 'critical',
  fault:
    'canary values in `env`, in passed variables, in the user part of addresses; modules print them by name, fail, hang, cannot be started; a bad edit quotes one',
  promise: 'no canary in any output, log, file of data/, commit or argument of a process',
  quick: true,
  needs: ['linux'],
  async inject(context) {
    const asked = await unhealthy(context);
    const workspace = context.workspace({ 'says.sh': SAYS, 'gone/.keep': '' });
    workspace.write('watchkeeper.yaml', yaml(asked.port)); // not committed: git is searched, too
    workspace.write('gone/.keep', '');
    const said: string[] = [];
    const supervisor = context.start(workspace.root, ['run', '--json'], {
      env: { SESSION_SECRET: CANARIES.passed },
    });
    const ended = (): number => countIterations(supervisor);
    await whileAlive(supervisor, 'two iterations have ended', () => ended() >= 2);
    const args = argumentsOf(workspace);
    workspace.write('watchkeeper.yaml', `${yaml(asked.port)}  - ${CANARIES.edit}: [${CANARIES.edit}\n`);
    await whileAlive(supervisor, 'the bad edit is told', () => /not taken over/.test(supervisor.stderr()));
    for (const command of [['validate'], ['status'], ['status', '--json'], ['anomalies', '--json']]) {
      const { stdout, stderr } = await context.start(workspace.root, command).ended;
      said.push(stdout, stderr);
    }
    await whileAlive(supervisor, 'the health check was asked', () => asked.count() > HEALTHY + 1);
    const { stdout, stderr } = await supervisor.stop();
    const places: Record<string, string> = {
      'the output of `run`': `${stdout}${stderr}`,
      'the output of other commands': said.join(''),
      'arguments of processes': args.join('\n'),
      'a commit': workspace.git('log', '--all', '--patch', '--format=full', '--', 'data', 'logs'),
      ...filesBelow(workspace, 'data'),
      ...filesBelow(workspace, 'logs'),
    };
    const log = places[join('logs', 'says.log')] ?? '';
    if (!log.includes('API_TOKEN=***'))
      return missed(`the module's output is not in its log: ${log.slice(0, 200)}`);
    if (args.length === 0) return missed('no process was seen');
    return outcome(
      found(places),
      `${Object.keys(places).length} places searched for ${Object.keys(CANARIES).length} canaries`,
      {
        faultsInjected: Object.keys(CANARIES).length,
      },
    );
  },
};

function found(places: Record<string, string>): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    Object.entries(CANARIES)
      .filter(([, canary]) => text.includes(canary))
      .map(([name]) => `the canary '${name}' is in ${place}`),
  );
}

function filesBelow(workspace: Workspace, folder: string): Record<string, string> {
  const entries = readdirSync(workspace.path(folder), { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile());
  const nameOf = (parent: string, name: string): string =>
    join(parent, name).slice(workspace.root.length + 1);
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      nameOf(parentPath, name),
      readFileSync(join(parentPath, name), 'latin1'),
    ]),
  );
}

/** Of every process that works in or for this workspace. */
function argumentsOf(workspace: Workspace): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const args = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
        return `${args}${environment}`.includes(workspace.root) ? [args] : [];
      } catch {
        return []; // ended while we looked
      }
    });
}

/** A health check's far side that turns unwell after so many answers. */
async function unhealthy(context: FaultContext): Promise<{ port: number; count(): number }> {
  let count = 0;
  const server = createServer((_request, response) => {
    count += 1;
    response.writeHead(count <= HEALTHY ? 200 : 503).end();
  });
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, count: () => count };
}
