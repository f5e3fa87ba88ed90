import { parseArgs } from 'node:util';
import { understood } from '../helpers/script.ts';
import { changedTable, unchangedTable } from './bisect/tables.ts';
import { formatTable } from './table.ts';

const USAGE = `npm run bench:bisect -- [--quick]

Measures how often a bisection over noisy runs finds a planted change, and with how many runs, by simulation. Takes some minutes.

  --quick  few tries: shows that it works, the figures mean little
`;

const TRIES = { usual: 400, quick: 20 };

main();

function main(): void {
  const flag = { type: 'boolean', default: false } as const;
  const asked = understood(USAGE, () => parseArgs({ options: { quick: flag, help: flag } }).values);
  if (asked === null) return;
  const count = asked.quick ? TRIES.quick : TRIES.usual;
  const progress = (text: string): void => void process.stderr.write(`${text}\n`);
  for (const table of [changedTable(count, progress), unchangedTable(count, progress)])
    process.stdout.write(`${formatTable(table).join('\n')}\n\n`);
}
