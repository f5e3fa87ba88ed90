import { parseArgs } from 'node:util';
import { understood } from '../helpers/script.ts';
import { isDataFolder } from './detect/series.ts';
import { familyTable, phpTable, rhythmTable, simulatedTables, thresholdTable } from './regression/tables.ts';
import { formatTable, type Table } from './table.ts';

const USAGE = `npm run bench:regression -- [--data DIR] [--only NAME] [--quick]

Measures how often a comparison of recent runs with a reference is wrong, and how much it sees. Takes a few minutes.

  --data DIR   a folder with the data sets: php_fixed_commit.csv.gz is read;
               default: WATCHKEEPER_DETECT_DATA. Without one the part that needs it is left out, and it is said
  --only NAME  one part: simulated, family, rhythm, threshold, php
  --quick      few histories: shows that it works, the figures mean little
`;

interface Asked {
  quick: boolean;
  data: string;
  only: string;
  help: boolean;
}

const PARTS: { name: string; needsData: boolean; tables(asked: Asked): Table[] }[] = [
  {
    name: 'simulated',
    needsData: false,
    tables: ({ quick }) => simulatedTables(quick ? 20 : 1000, progress),
  },
  { name: 'family', needsData: false, tables: ({ quick }) => [familyTable(quick ? 5 : 400)] },
  { name: 'rhythm', needsData: false, tables: ({ quick }) => [rhythmTable(quick ? 20 : 1000)] },
  {
    name: 'threshold',
    needsData: false,
    tables: ({ quick, data }) => [thresholdTable(isDataFolder(data) ? data : null, quick ? 20 : 1000)],
  },
  { name: 'php', needsData: true, tables: ({ data }) => [phpTable(data)] },
];

main();

function main(): void {
  const asked = understood(USAGE, parsedArguments);
  if (asked === null) return;
  const hasData = isDataFolder(asked.data);
  for (const part of PARTS.filter(({ name }) => name.startsWith(asked.only))) {
    if (part.needsData && !hasData)
      print(`## ${part.name}\n\nleft out: there are no data sets in '${asked.data}' (--data DIR)\n\n`);
    else for (const table of part.tables(asked)) print(`${formatTable(table).join('\n')}\n\n`);
  }
}

function parsedArguments(): Asked | string {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: {
      quick: flag,
      help: flag,
      only: { type: 'string', default: '' },
      data: { type: 'string', default: process.env['WATCHKEEPER_DETECT_DATA'] ?? '' },
    },
  });
  return PARTS.some(({ name }) => name.startsWith(values.only))
    ? values
    : `there is no part '${values.only}'`;
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(text: string): void {
  process.stdout.write(text);
}
