import { parseArgs } from 'node:util';
import { understood } from '../helpers/script.ts';
import { isDataFolder } from './detect/series.ts';
import { benchSeries } from './forecast/series.ts';
import { forecastTables } from './forecast/tables.ts';
import { formatTable } from './table.ts';

const USAGE = `npm run bench:forecast -- --data DIR [--quick]

Measures how far off the forecasts are on real series, how honest their intervals, and how fast. Takes up to three minutes.

  --data DIR   a folder with the data sets: nab/ (series and windows.json), tcpd.json, tigerbeetle.json, treeherder/;
               default: WATCHKEEPER_DETECT_DATA
  --quick      one series of each set: shows that it works, the figures mean nothing
`;

main();

function main(): void {
  const asked = understood(USAGE, parsedArguments);
  if (asked === null) return;
  const all = benchSeries(asked.data);
  const some = all.filter(({ set }, index) => all.findIndex(other => other.set === set) === index);
  for (const table of forecastTables(asked.quick ? some : all, progress))
    process.stdout.write(`${formatTable(table).join('\n')}\n\n`);
}

function parsedArguments(): { quick: boolean; help: boolean; data: string } | string {
  const flag = { type: 'boolean', default: false } as const;
  const data = { type: 'string', default: process.env['WATCHKEEPER_DETECT_DATA'] ?? '' } as const;
  const { values } = parseArgs({ options: { quick: flag, help: flag, data } });
  return values.help || isDataFolder(values.data) ? values : `there are no data sets in '${values.data}'`;
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
