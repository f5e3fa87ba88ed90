import { cpSync, lstatSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Workspace } from '../../helpers/workspace.ts';
import { workspaceAt } from '../../helpers/workspace.ts';
import { type Fault, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { whileAlive } from '../program.ts';

export const anotherHost: Fault = {
  id: 'lock/another-host',
  group: 'lock',
  weight: 'medium',
  fault: 'the workspace is held by a process of another host (a shared disk), whose lock is fresh',
  promise: 'a start is refused with exit code 3, and says which process of which host it is and what to do',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context);
    const { workspace } = line;
    const first = context.start(workspace.root);
    await whileAlive(first, 'a module runs', () => line.started('quick').length > 0);
    first.process.kill('SIGKILL');
    await first.ended;
    moveAway(workspace);
    const now = Date.now() / 1000;
    utimesSync(workspace.path('data', 'watchkeeper.lock'), now, now);
    const { code, stderr } = await context.start(workspace.root).ended;
    const problems: string[] = [];
    if (code !== 3) problems.push(`it ended with ${code}`);
    if (!/on elsewhere\.example/.test(stderr)) problems.push(`it does not name the host: ${stderr}`);
    if (!/remove the folder/.test(stderr)) problems.push(`it does not say what to do: ${stderr}`);
    return outcome(problems, stderr.trim().slice(0, 160), { faultsInjected: 1 });
  },
};

/** As a supervisor of another machine would have left its name. */
function moveAway(workspace: Workspace): void {
  const note = workspace.path('data', 'watchkeeper.owner.json');
  const owner = { ...(JSON.parse(readFileSync(note, 'utf8')) as object), host: 'elsewhere.example' };
  writeFileSync(note, JSON.stringify(owner));
  const database = new DatabaseSync(workspace.path('data', 'watchkeeper.db'));
  database.prepare('UPDATE owner SET record = ?').run(JSON.stringify(owner));
  database.close();
}

export const copiedFolder: Fault = {
  id: 'lock/copied-folder',
  group: 'lock',
  weight: 'medium',
  fault:
    'the folder of a running supervisor is copied, lock and store included, and a start is tried in the copy',
  promise:
    'the start in the copy is refused and says which process it was; once the holder has ended, the copy is a workspace of its own',
  quick: false,
  needs: ['linux'],
  async inject(context) {
    const line = pipeline(context);
    const witness = new Witness(line);
    const first = context.start(line.workspace.root);
    await whileAlive(first, 'a module runs', () => line.started('quick').length > 1);
    const copy = workspaceAt(join(context.folder, 'copy'));
    cpSync(line.workspace.root, copy.root, { recursive: true, filter: path => !lstatSync(path).isSocket() });
    const refused = await context.start(copy.root).ended;
    const { stdout } = await first.stop();
    witness.hear(stdout);
    const { problems, counts } = await witness.verdict(); // before the copy runs modules that leave the same marks
    const alone = await context.start(copy.root, ['run', '--json', '--iterations', '1']).ended;
    if (refused.code !== 3) problems.push(`the start in the copy ended with ${refused.code}`);
    if (!refused.stderr.includes(`process ${first.process.pid} `))
      problems.push(`it does not name the process: ${refused.stderr}`);
    if (alone.code !== 0) problems.push(`later it ended with ${alone.code}: ${alone.stderr.slice(-300)}`);
    return outcome(problems, 'refused, and later taken', { faultsInjected: 1, ...counts });
  },
};
