import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BenchPart } from './bench-part.ts';
import { SUPERVISOR } from './processes.ts';
import { alternately, median, p95, timed } from './samples.ts';
import type { Row, Table } from './table.ts';
import { inWorkspace } from './workspace.ts';

const GOAL_MS = 150;

const YAML = `
schedule: every 1h
modules:
  first: { command: /bin/true }
  second: { command: /bin/true, after: [first] }
  third: { command: /bin/true, after: [second] }
`;

const COMMANDS = ['status', '--help', 'validate'];

const execute = promisify(execFile);

/** How long a person waits for the answer of a command. */
export const startUp: BenchPart = {
  name: 'start-up',
  async measure({ quick, progress }) {
    const rounds = quick ? 1 : 15;
    progress(`${rounds} starts of each command`);
    return inWorkspace(YAML, async ({ root }) => {
      const start = (...args: string[]): Promise<unknown> => execute(process.execPath, args, { cwd: root });
      await start(SUPERVISOR, 'once', '--root', root); // without it there is no status
      const works = [['-e', '0'], ...COMMANDS.map(command => [SUPERVISOR, command])];
      const samples = await alternately(
        works.map(args => () => timed(() => start(...args))),
        rounds,
        quick ? 0 : 2,
      );
      return [tableOf(samples)];
    });
  },
};

function tableOf([bare = [], ...commands]: number[][]): Table {
  const base = median(bare);
  const rows = commands.map((samples, index): Row => {
    const command = COMMANDS[index] ?? '';
    const goal = { text: `at most ${GOAL_MS} ms`, met: median(samples) <= GOAL_MS };
    return {
      label: `watchkeeper ${command}`,
      figures: [median(samples), p95(samples), median(samples) - base, median(samples) / base],
      goal: command === 'status' ? goal : null,
    };
  });
  return {
    title: 'Start of a command to its end',
    subject: 'fresh process',
    columns: ['median ms', 'p95 ms', 'more than bare ms', 'ratio'].map(name => ({ name, decimals: 2 })),
    rows: [{ label: 'node -e 0', figures: [base, p95(bare), null, null], goal: null }, ...rows],
    notes: [
      `${bare.length} of each, taking turns; what Node compiles is kept between starts, as it is for a user`,
    ],
  };
}
