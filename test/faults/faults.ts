import { parseArgs } from 'node:util';
import { understood } from '../helpers/script.ts';
import { execute, injectHere, type Result } from './execute.ts';
import type { Fault, Size } from './fault.ts';
import { install } from './install.ts';
import { ROWS } from './rows.ts';
import { formatResults, listOf } from './table.ts';

const USAGE = `npm run test:faults -- [--only PREFIX] [--quick] [--size quick] [--list] [--seed N] [--json]

Tries what can go wrong around a supervisor: each row produces one fault and says whether the promise was kept.

  --only PREFIX  the rows whose ids begin so: crash, crash/kill (may be given several times);
                 a row that takes an hour is tried only where its whole id is given
  --quick        a sample of each row, and only the rows that are ordinary tests too
  --size quick   a sample of each row
  --list         shows the rows and tries none
  --seed N       where chance chooses: the same choices again
  --json         the results as one JSON document
`;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));

await main();

async function main(): Promise<void> {
  const asked = understood(USAGE, parsedArguments);
  if (asked === null) return;
  if (asked.here !== null) await onlyHere(asked.here, asked.size, asked.seed);
  else if (asked.list) process.stdout.write(listOf(asked.rows));
  else await tryAll(asked);
}

interface Asked {
  rows: Fault[];
  size: Size;
  seed: number;
  list: boolean;
  json: boolean;
  help: boolean;
  /** The row of which this is the isolated process. */
  here: Fault | null;
}

/** What is asked for, or in words what is wrong with it; throws at an unknown option. */
function parsedArguments(): Asked | string {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const options = { quick: flag, list: flag, json: flag, help: flag, seed: text, here: text, size: text };
  const { values } = parseArgs({
    options: { ...options, only: { ...text, multiple: true, default: [''] } },
  });
  const { quick, list, json, help, only } = values;
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  if (!Number.isSafeInteger(seed)) return `--seed wants a whole number, not '${values.seed}'`;
  const fits = ({ id, quick: isQuick, onlyByName = false }: Fault): boolean =>
    only.some(prefix => (onlyByName && !list ? id === prefix : id.startsWith(prefix))) && (isQuick || !quick);
  const rows = ROWS.filter(fits);
  if (rows.length === 0) return `there is no row '${only.join(', ')}'`;
  const here = ROWS.find(({ id }) => id === values.here) ?? null;
  return { rows, size: quick || values.size === 'quick' ? 'quick' : 'full', seed, list, json, help, here };
}

async function tryAll({ rows, size, seed, json }: Asked): Promise<void> {
  install([...new Set(rows.flatMap(({ needs }) => needs))], say);
  say(`${rows.length} row(s), ${size}, seed ${seed}`);
  const results: Result[] = [];
  for (const [index, fault] of rows.entries()) {
    say(`${index + 1}/${rows.length} ${fault.id}: ${fault.fault}`);
    const result = await execute(fault, {
      size,
      seed,
      progress: text => say(`  ${text}`),
      stop: stop.signal,
    });
    say(`  ${result.verdict} after ${result.seconds.toFixed(1)} s: ${result.happened}`);
    results.push(result);
    if (stop.signal.aborted) break;
  }
  process.stdout.write(
    json ? `${JSON.stringify({ seed, size, results }, null, 1)}\n` : formatResults(results),
  );
  if (results.some(({ verdict }) => verdict === 'broken')) process.exitCode = 1;
}

/** One row in this process; its outcome is the last line of standard output. */
async function onlyHere(fault: Fault, size: Size, seed: number): Promise<void> {
  const found = await injectHere(fault, { size, seed, progress: say, stop: stop.signal });
  process.stdout.write(`${JSON.stringify(found)}\n`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
