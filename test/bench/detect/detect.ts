import { type DataPart, printParts, progress } from '../data-parts.ts';
import { cleanUpAll } from '../leftovers.ts';
import { calibrationTable } from './calibration.ts';
import { forestSpeed } from './forest.ts';
import { logCalibrationTable } from './log-calibration.ts';
import { phpTable, syntheticTables } from './noise-tables.ts';
import { nabTables, tcpdTables } from './ranking.ts';
import { speedTable } from './speed.ts';

const USAGE = `npm run bench:detect -- [--data DIR] [--only NAME] [--quick]

Measures how well real changes are told from noise, and how fast. Takes a few minutes.

  --data DIR   a folder with the data sets: nab/ (series and windows.json), tcpd.json, php_fixed_commit.csv.gz;
               default: WATCHKEEPER_DETECT_DATA. Without one the parts that need them are left out, and it is said
  --only NAME  one part: synthetic, calibration, php, nab, tcpd, speed
  --quick      few seeds: shows that it works, the figures mean nothing
`;

const PARTS: DataPart[] = [
  { name: 'synthetic', needsData: false, tables: ({ quick }) => syntheticTables(quick ? 2 : 40, progress) },
  {
    name: 'calibration',
    needsData: false,
    tables: ({ quick }) => [calibrationTable(quick ? 2 : 40), logCalibrationTable(quick ? 2 : 40)],
  },
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

await printParts(USAGE, PARTS, () => {
  process.on('exit', cleanUpAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
});
