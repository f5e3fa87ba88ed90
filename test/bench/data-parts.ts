import { parseArgs } from 'node:util';
import { understood } from '../helpers/script.ts';
import { isDataFolder } from './detect/series.ts';
import { formatTable, type Table } from './table.ts';

export interface Asked {
  quick: boolean;
  data: string;
  only: string;
  help: boolean;
}

/** A part of a benchmark over data sets; one that cannot do without them has `needsData`. */
export interface DataPart {
  name: string;
  needsData: boolean;
  tables(asked: Asked): Promise<Table[]> | Table[];
}

/** Prints the tables of the parts that the arguments ask for. @param begin called before the first of them */
export async function printParts(
  usage: string,
  parts: readonly DataPart[],
  begin = (): void => {},
): Promise<void> {
  const asked = understood(usage, () => parsedArguments(parts));
  if (asked === null) return;
  begin();
  const hasData = isDataFolder(asked.data);
  for (const part of parts.filter(({ name }) => name.startsWith(asked.only))) {
    if (part.needsData && !hasData)
      print(`## ${part.name}\n\nleft out: there are no data sets in '${asked.data}' (--data DIR)\n\n`);
    else for (const table of await part.tables(asked)) print(`${formatTable(table).join('\n')}\n\n`);
  }
}

function parsedArguments(parts: readonly DataPart[]): Asked | string {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: {
      quick: flag,
      help: flag,
      only: { type: 'string', default: '' },
      data: { type: 'string', default: process.env['WATCHKEEPER_DETECT_DATA'] ?? '' },
    },
  });
  return parts.some(({ name }) => name.startsWith(values.only))
    ? values
    : `there is no part '${values.only}'`;
}

/** Told on standard error while a part is measured. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(text: string): void {
  process.stdout.write(text);
}
