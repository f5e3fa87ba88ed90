import { run } from 'node:test';
import { parseArgs } from 'node:util';
import { understood } from '../helpers/script.ts';

const USAGE = `node test/fuzz/fuzz.ts [--runs N] [--seed S] [--only NAME] [--minutes M]

Tries many more inputs than the ordinary tests do, against the same properties.

  --runs N     inputs of a property whose share is 1 (default 20000)
  --seed S     begins with the seed that a failure has named
  --only NAME  the file NAME.test.ts (may be given several times)
  --minutes M  ends after this time (default 60)
`;

interface Asked {
  runs: number;
  seed: number;
  only: string[];
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
      only: values.only ?? [],
    };
    const numbers = [asked.runs, asked.seed, asked.minutes];
    return numbers.every(number => Number.isSafeInteger(number) && number >= 0) ? asked : 'a number is none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(): Promise<void> {
  const asked = understood(USAGE, () => askedOf(process.argv.slice(2)));
  if (asked !== null) process.exitCode = (await fuzz(asked)) ? 0 : 1;
}

/** @returns whether all properties held */
async function fuzz({ runs, seed, only, minutes }: Asked): Promise<boolean> {
  Object.assign(process.env, { WATCHKEEPER_FUZZ_RUNS: runs, WATCHKEEPER_FUZZ_SEED: seed });
  const patterns = only.length === 0 ? ['*'] : only;
  const stream = run({
    globPatterns: patterns.map(name => `${import.meta.dirname}/${name}.test.ts`),
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
