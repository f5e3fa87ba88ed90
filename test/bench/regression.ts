import { type DataPart, printParts, progress } from './data-parts.ts';
import { isDataFolder } from './detect/series.ts';
import {
  familyTable,
  phpTable,
  rhythmTable,
  simulatedTables,
  tailTable,
  thresholdTable,
} from './regression/tables.ts';

const USAGE = `npm run bench:regression -- [--data DIR] [--only NAME] [--quick]

Measures how often a comparison of recent runs with a reference is wrong, and how much it sees. Takes a few minutes.

  --data DIR   a folder with the data sets: php_fixed_commit.csv.gz is read;
               default: WATCHKEEPER_DETECT_DATA. Without one the part that needs it is left out, and it is said
  --only NAME  one part: simulated, family, rhythm, tail, threshold, php
  --quick      few histories: shows that it works, the figures mean little
`;

const PARTS: DataPart[] = [
  {
    name: 'simulated',
    needsData: false,
    tables: ({ quick }) => simulatedTables(quick ? 20 : 1000, progress),
  },
  { name: 'family', needsData: false, tables: ({ quick }) => [familyTable(quick ? 5 : 400)] },
  { name: 'rhythm', needsData: false, tables: ({ quick }) => [rhythmTable(quick ? 20 : 1000)] },
  { name: 'tail', needsData: false, tables: ({ quick }) => [tailTable(quick ? 2 : 300)] },
  {
    name: 'threshold',
    needsData: false,
    tables: ({ quick, data }) => [thresholdTable(isDataFolder(data) ? data : null, quick ? 20 : 1000)],
  },
  { name: 'php', needsData: true, tables: ({ data }) => [phpTable(data)] },
];

await printParts(USAGE, PARTS);
