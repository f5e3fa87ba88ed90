import { statfsSync } from 'node:fs';
import { availableParallelism, release, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { understood } from '../helpers/script.ts';
import type { BenchPart } from './bench-part.ts';
import { cleanUpAll } from './leftovers.ts';
import { measureNoise, noiseText } from './noise.ts';
import { PARTS } from './parts.ts';
import { formatTable } from './table.ts';

const USAGE = `npm run bench -- [--quick] [--only NAME]

Measures what Watchkeeper costs, each figure beside that of a bare Node or a bare command in the same minutes. Takes about
twenty minutes, and means most on a machine that does nothing else.

  --quick      a few seconds: shows that it works, the figures mean nothing
  --only NAME  one part, or those whose names begin so: ${PARTS.map(({ name }) => name).join(', ')}
`;

const TMPFS = 0x01021994;

await main();

async function main(): Promise<void> {
  const asked = understood(USAGE, parsedArguments);
  if (asked === null) return;
  const { quick, parts } = asked;
  process.on('exit', cleanUpAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const title = `# Watchkeeper benchmark${quick ? ' (--quick: the figures mean nothing)' : ''}`;
  print(`${title}\n\n${surroundings()}\n\n`);
  for (const part of parts) await measure(part, quick);
}

/** What is asked for, or in words what is wrong with it; throws at an unknown option. */
function parsedArguments(): { quick: boolean; help: boolean; parts: BenchPart[] } | string {
  const flag = { type: 'boolean', default: false } as const;
  const only = { type: 'string', default: '' } as const;
  const { values } = parseArgs({ options: { quick: flag, help: flag, only } });
  const parts = PARTS.filter(({ name }) => name.startsWith(values.only));
  return parts.length === 0 ? `there is no part '${values.only}'` : { ...values, parts };
}

/** A part that fails is reported in its place, and the others go on. */
async function measure(part: BenchPart, quick: boolean): Promise<void> {
  const progress = (text: string): void => void process.stderr.write(`${part.name}: ${text}\n`);
  const before = measureNoise(quick);
  try {
    const tables = await part.measure({ quick, progress });
    for (const table of tables) print(`${formatTable(table).join('\n')}\n\n`);
  } catch (error) {
    print(`## ${part.name}\n\nMISSED: it could not be measured.\n`);
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  print(`- noise before: ${noiseText(before)}\n- noise after: ${noiseText(measureNoise(quick))}\n\n`);
}

function surroundings(): string {
  const folder = `${tmpdir()}${statfsSync(tmpdir()).type === TMPFS ? ' (in memory, not on a disk!)' : ''}`;
  return `Node ${process.version}, Linux ${release()}, ${availableParallelism()} CPUs, workspaces in ${folder}`;
}

function print(text: string): void {
  process.stdout.write(text);
}
