/** A supervisor in small, for tests that kill it: commits what is in the workspace `argv[2]` as iteration `argv[3]`. */
import { workspaceAt } from '../helpers/workspace.ts';
import { open, planOf } from './support.ts';

const workspace = workspaceAt(process.argv[2] ?? '');
const outcome = await open(workspace).commit(planOf(Number(process.argv[3])));
process.stdout.write(`${JSON.stringify(outcome)}\n`);
