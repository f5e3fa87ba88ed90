import { parseArgs } from 'node:util';
import { understood } from '../../helpers/script.ts';
import { cleanUpAll } from '../leftovers.ts';
import { formatTable, type Table } from '../table.ts';
import { calibrationTable } from './calibration.ts';
import { forestSpeed } from './forest.ts';
import { phpTable, syntheticTables } from './noise-tables.ts';
import { nabTables, tcpdTables } from './ranking.ts';
import { isDataFolder } from './series.ts';
import { speedTable } from './speed.ts';

const USAGE = `npm run bench:detect -- [--data DIR] [--only NAME] [--quick]

Measures how well real changes are told from noise, and how fast. Takes a few minutes.

  --data DIR   a folder with the data sets: nab/ (series and windows.json), tcpd.json, php_fixed_commit.csv.gz;
               default: WATCHKEEPER_DETECT_DATA. Without one the parts that need them are left out, and it is said
  --only NAME  one part: synthetic, calibration, php, nab, tcpd, speed
  --quick      few seeds: shows that it works, the figures mean nothing
`;

interface Asked {
  quick: boolean;
  data: string;
  only: string;
  help: boolean;
}

/** A part that needs the data sets has `needsData`. */
const PARTS: { name: string; needsData: boolean; tables(asked: Asked): Promise<Table[]> | Table[] }[] = [
  { name: 'synthetic', needsData: false, tables: ({ quick }) => syntheticTables(quick ? 2 : 40, progress) },
  { name: 'calibration', needsData: false, tables: ({ quick }) => [calibrationTable(quick ? 2 : 40)] },
  { name: 'php', needsData: true, tables: ({ data }) => [phpTable(data, progress)] },
  { name: 'nab', needsData: true, tables: ({ data }) => nabTables(data, progress) },
  { name: 'tcpd', needsData: true, tables: ({ data }) => tcpdTables(data) },
  {
    name: 'speed',
    needsData: false,
    tables: async ({ quick }) => [
      await speedTable(quick),
      ...(await forestSpeed.measure({ quick, progress })),
    ],
  },
];

await main();

async function main(): Promise<void> {
  const asked = understood(USAGE, parsedArguments);
  if (asked === null) return;
  process.on('exit', cleanUpAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const hasData = isDataFolder(asked.data);
  for (const part of PARTS.filter(({ name }) => name.startsWith(asked.only))) {
    if (part.needsData && !hasData)
      print(`## ${part.name}\n\nleft out: there are no data sets in '${asked.data}' (--data DIR)\n\n`);
    else for (const table of await part.tables(asked)) print(`${formatTable(table).join('\n')}\n\n`);
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
