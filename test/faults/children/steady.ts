import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../helpers/free-port.ts';
import { type Fault, type FaultContext, missed, type Outcome } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { countIterations } from '../told.ts';
import { conclude, shell, stopped, trial } from '../trial.ts';
import { descriptorsOf, residentMb } from './processes.ts';

interface Seconds {
  warmUp: number;
  watched: number;
}

const SAMPLE: Seconds = { warmUp: 5, watched: 10 };

/**
 * What the second half may have more than the first. What leaks is in the heap or a descriptor; resident memory also grows
 * where V8 takes a larger reserve for young objects (twice 16 MB at most), which it does now and then in the first minutes.
 */
const MORE = { descriptors: 2, heapMb: 1, residentMb: 20 };

/** Loaded into the supervisor: notes the heap that is in use, all garbage collected, once a second. */
const SAMPLER = (file: string): string => `
const { setFlagsFromString } = require('node:v8');
setFlagsFromString('--expose-gc');
const collect = require('node:vm').runInNewContext('gc');
if (process.argv.some(word => word.endsWith('supervisor.ts')))
  setInterval(() => {
    collect();
    require('node:fs').appendFileSync(${JSON.stringify(file)}, process.memoryUsage().heapUsed + '\\n');
  }, 1000).unref();
`;

/** Answers health checks, and every tenth one badly. */
const SERVICE = `
let count = 0;
require('node:http').createServer((_, response) => {
  response.writeHead(++count % 10 === 0 ? 503 : 200).end('x'.repeat(5000));
}).listen(Number(process.argv[1]), '127.0.0.1');
`;

const STEADY = {
  group: 'children',
  weight: 'high',
  promise:
    'descriptors, heap and resident memory of the supervisor are the same in the end as in the beginning',
  quick: false,
  needs: ['linux'],
} satisfies Partial<Fault>;

export const steady: Fault = {
  ...STEADY,
  id: 'children/ten-modules-every-second',
  fault:
    'ten modules every second for five minutes, some failing, with retries, metrics, output, services, health checks, dying services',
  limitSeconds: { quick: 90, full: 1800 },
  // In its first minutes it learns its modules (a forest of 256 runs of each), and V8 compiles what runs often: that is the warm-up.
  inject: context => watched(context, context.size === 'quick' ? SAMPLE : { warmUp: 600, watched: 300 }),
};

export const steadyHour: Fault = {
  ...STEADY,
  id: 'children/ten-modules-every-second-for-an-hour',
  fault: 'the same for an hour',
  onlyByName: true,
  limitSeconds: { quick: 90, full: 6000 },
  // What is remembered up to a bound (1,024 runs of a metric, 1,000 versions of a file) is full after half an hour: that is the warm-up.
  inject: context => watched(context, context.size === 'quick' ? SAMPLE : { warmUp: 1800, watched: 1800 }),
};

async function watched(context: FaultContext, { warmUp, watched }: Seconds): Promise<Outcome> {
  const heapFile = join(context.folder, 'heap');
  const sampler = join(context.folder, 'sampler.cjs');
  writeFileSync(sampler, SAMPLER(heapFile));
  const tried = trial(context, {
    modules: tenModules(),
    services: await threeServices(),
    more: { history: { runs: 20 } },
  });
  const env = { NODE_OPTIONS: `--require=${sampler}` };
  const supervisor = context.start(tried.workspace.root, undefined, { env });
  const { pid } = supervisor.process;
  await whileAlive(supervisor, 'the modules run', () => countIterations(supervisor) > 0);
  await sleep(warmUp * 1000, null, { signal: context.signal });
  const [descriptors, resident]: [number[], number[]] = [[], []];
  const heapBefore = heapOf(heapFile).length;
  for (let second = 0; second < watched; second += 1) {
    await sleep(1000, null, { signal: context.signal });
    if (supervisor.process.exitCode !== null)
      return missed(`the supervisor ended: ${supervisor.stderr().slice(-500)}`);
    descriptors.push(...(await several(() => descriptorsOf(pid))));
    resident.push(residentMb(pid));
    if (second % 30 === 29)
      context.progress(`${second + 1} of ${watched} s: resident ${resident.at(-1)?.toFixed(1)} MB`);
  }
  const heap = heapOf(heapFile).slice(heapBefore);
  const growth = { descriptors: grown(descriptors), heapMb: grown(heap), residentMb: grown(resident) };
  const figures = Object.entries(growth).map(
    ([name, [first, second]]) => `${name} ${first.toFixed(1)} -> ${second.toFixed(1)}`,
  );
  context.progress(figures.join(', '));
  const { code, runs } = await stopped(supervisor, tried);
  const problems = Object.entries(growth).flatMap(([name, [first, second]]) =>
    second - first > MORE[name as keyof typeof MORE] ? [`${name} went from ${first} to ${second}`] : [],
  );
  if (code !== 0) problems.push(`the supervisor ended with ${code}`);
  if (runs.length < watched) return missed(`only ${runs.length} runs`);
  return conclude(tried, problems, `${runs.length} runs in ${warmUp + watched} s, ${figures.join(', ')}`);
}

function tenModules() {
  const texts = [
    'exit 0',
    'echo some output; echo more >&2',
    'exit 1',
    'echo \'{"metric":"rows","value":5}\' >> $WATCHKEEPER_METRICS',
    'sleep 0.2',
    '(sleep 0.1 &) ; exit 0',
    'test $((WATCHKEEPER_ITERATION % 3)) != 0',
    'yes | head -c 100000',
    'sleep 1.5',
    'kill -KILL $$',
  ];
  return Object.fromEntries(
    texts.map((text, index) => [
      `module-${index}`,
      shell(text, { schedule: 'every 1s', retries: index === 2 ? 1 : 0, retryDelay: '10ms' }),
    ]),
  );
}

async function threeServices() {
  const port = await freePort();
  const health = { http: `http://127.0.0.1:${port}/health`, every: '100ms', failures: 2 };
  const restarts = { restartDelay: '200ms', maxRestartDelay: '400ms' };
  return {
    healthy: { command: ['node', '-e', SERVICE, String(port)], health },
    dying: shell('echo alive; sleep 0.3; exit 1', restarts),
    missing: { command: 'no-such-program', ...restarts },
  };
}

/** A look may fall into the moment of a start: of some looks within a second the middle one counts. */
async function several(look: () => number): Promise<number[]> {
  const found: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    found.push(look());
    await sleep(20);
  }
  return found;
}

function heapOf(file: string): number[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'latin1')
    .split('\n')
    .filter(Boolean)
    .map(line => Number(line) / 1e6);
}

/** The medians of the first and of the second half. */
function grown(values: number[]): [number, number] {
  const half = Math.floor(values.length / 2);
  return [median(values.slice(0, half)), median(values.slice(half))];
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
