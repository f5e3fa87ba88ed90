import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from 'node:test';
import { parseArgs } from 'node:util';
import { understood } from '../helpers/script.ts';

const USAGE = `node test/fuzz/fuzz.ts [--runs N] [--seed S] [--only NAME] [--minutes M]

Tries other inputs than the ordinary tests do, against the same properties: of this folder's many more, too.

  --runs N     inputs of a property of this folder whose share is 1 (default 20000)
  --seed S     begins with the seed that a failure has named (default: another one each time)
  --only NAME  the files NAME.test.ts (may be given several times)
  --minutes M  ends after this time (default 60)
`;

interface Asked {
  runs: number;
  seed: number;
  files: string[];
  minutes: number;
}

/** What is asked for, or in words what is wrong with it. */
export function askedOf(args: string[]): Asked | string {
  try {
    const text = { type: 'string' } as const;
    const options = { runs: text, seed: text, minutes: text, only: { ...text, multiple: true } } as const;
    const { values } = parseArgs({ args, options });
    const asked = {
      runs: Number(values.runs ?? 20_000),
      seed: Number(values.seed ?? Date.now() % 2 ** 31),
      minutes: Number(values.minutes ?? 60),
      files: filesOf(values.only ?? null),
    };
    if (asked.files.length === 0) return 'no test with drawn inputs has such a name';
    const numbers = [asked.runs, asked.seed, asked.minutes];
    return numbers.every(number => Number.isSafeInteger(number) && number >= 0) ? asked : 'a number is none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The tests that try drawn inputs; null: all of them. */
function filesOf(names: string[] | null): string[] {
  const tests = join(import.meta.dirname, '..');
  return globSync('**/*.test.ts', { cwd: tests })
    .map(file => join(tests, file))
    .filter(file => names === null || names.includes(basename(file, '.test.ts')))
    .filter(file => /\/propert(y|ies)\.ts'/.test(readFileSync(file, 'utf8')));
}

async function main(): Promise<void> {
  const asked = understood(USAGE, () => askedOf(process.argv.slice(2)));
  if (asked !== null) process.exitCode = (await fuzz(asked)) ? 0 : 1;
}

/** @returns whether all properties held */
async function fuzz({ runs, seed, files, minutes }: Asked): Promise<boolean> {
  Object.assign(process.env, { WATCHKEEPER_FUZZ_RUNS: runs, WATCHKEEPER_FUZZ_SEED: seed });
  const stream = run({
    files,
    concurrency: 2,
    signal: AbortSignal.timeout(minutes * 60_000),
  });
  let tried = 0;
  let failed = 0;
  for await (const { type, data } of stream) {
    if (type === 'test:diagnostic') tried += Number(/^(\d+) inputs$/.exec(data.message)?.[1] ?? 0);
    if (type === 'test:stderr') process.stderr.write(data.message);
    if (type === 'test:pass') process.stdout.write(`${seconds(data.details.duration_ms)}  ${data.name}\n`);
    if (type !== 'test:fail') continue;
    const isExpected = data.todo !== undefined && data.todo !== false;
    if (!isExpected) failed += 1;
    process.stdout.write(
      `${isExpected ? 'TODO' : 'FAIL'}  ${data.name}\n${String(data.details.error.cause ?? data.details.error)}\n`,
    );
  }
  process.stdout.write(`${tried} inputs, ${failed} failed, seed ${seed}\n`);
  return failed === 0;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`.padStart(8);

if (import.meta.main) await main();
