import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Run } from '../../../src/glossary/run.ts';
import { type Fault, type FaultContext, missed } from '../fault.ts';
import { whileAlive } from '../program.ts';
import { runsIn } from '../told.ts';
import { conclude, shell, stopped, type Trial, trial, unlike } from '../trial.ts';
import { peakMb } from './processes.ts';

const BYTES = { quick: 50_000_000, full: 1_000_000_000 };
const LIMIT_MB = 150;
/** Several that flood it at the same moment. */
const LIMIT_OF_SEVERAL_MB = 200;
const LOGS = { maxSize: '2MB', files: 3 };
const LOG_BYTES = 3 * 2_000_000;

export const oneGigabyte: Fault = {
  id: 'children/one-gigabyte-of-output',
  group: 'children',
  weight: 'high',
  fault: 'a module prints 1 GB to standard output, as fast as it can',
  promise: 'it ends as if nobody listened, its logs stay within their size, and the supervisor below 150 MB',
  quick: false,
  needs: ['linux'],
  limitSeconds: { quick: 60, full: 900 },
  async inject(context) {
    const text = 'a line of output that is neither short nor long, as modules print them all day';
    const command = `yes "${text}" | head -c ${BYTES[context.size]}; exit 6`;
    const tried = trial(context, { modules: { noisy: shell(command) }, more: { logs: LOGS } });
    const { runs, problems, figures } = await flooded(context, tried, 1);
    problems.push(...unlike(runs, 'noisy', { outcome: 'error', exitCode: 6 }));
    const lines = readFileSync(tried.workspace.path('logs', 'noisy.log'), 'utf8').trimEnd().split('\n');
    const strange = lines.filter(line => !/^\S+Z \w{26} \| /.test(line));
    if (strange.length > 0) problems.push(`a line of the log is ${strange[0]?.slice(0, 80)}`);
    if (lines.length < 10) return missed('nothing was printed');
    return conclude(tried, problems, `${BYTES[context.size] / 1e6} MB printed, ${figures}`, {
      faultsInjected: 1,
    });
  },
};

/** Escape codes for the terminal, other control characters, a change of direction, bytes that are no UTF-8. */
const UGLY = String.raw`\033]0;title\007\033[2J\033[31mred\000\010\177\302\233\342\200\256 \377\376\300\200 \355\240\200 \360\237`;

export const uglyOutput: Fault = {
  id: 'children/endless-and-ugly-output',
  group: 'children',
  weight: 'medium',
  fault:
    '1 GB without a newline; escape codes, NUL, invalid UTF-8, carriage returns; a character that is cut in two',
  promise:
    'lines are capped and say what is missing, everything is escaped, the log is plain UTF-8, memory stays',
  quick: false,
  needs: ['linux'],
  limitSeconds: { quick: 60, full: 900 },
  async inject(context) {
    const bytes = BYTES[context.size];
    const modules = {
      endless: shell(`head -c ${bytes} /dev/zero | tr '\\000' x`),
      'endless-escapes': shell(`head -c ${bytes / 10} /dev/zero | tr '\\000' '\\033' >&2`),
      ugly: shell(`for i in 1 2 3; do printf '${UGLY}'; printf '\\r\\nplain\\rhidden\\n'; done`),
      halved: shell(String.raw`printf '\342\202'; sleep 0.1; printf '\254 whole\n'`),
    };
    const tried = trial(context, { modules, more: { logs: LOGS } });
    const { runs, problems, figures } = await flooded(context, tried, 4);
    for (const name of Object.keys(modules)) problems.push(...unlike(runs, name, { outcome: 'ok' }));
    const log = (name: string): string => logOf(tried, name, problems);
    const [endless, cut] = /\| (x+) \[(\d+) bytes cut\]\n$/.exec(log('endless'))?.slice(1) ?? [];
    if ((endless?.length ?? 0) + Number(cut) !== bytes) problems.push('the endless line does not add up');
    const escapes = log('endless-escapes');
    if (!escapes.includes(String.raw`\x1b\x1b`) || !/ bytes cut\]\n$/.test(escapes))
      problems.push(`escape codes became ${escapes.slice(0, 100)}`);
    if (!log('ugly').includes(String.raw`\x1b[2J\x1b[31mred\x00\x08\x7f\x9b\u202e`))
      problems.push(`control characters became ${log('ugly').slice(0, 200)}`);
    if (!log('ugly').includes(String.raw`plain\x0dhidden`))
      problems.push('a carriage return hides what stands before it');
    if (!log('halved').includes('| € whole\n'))
      problems.push('a character that came in two pieces is broken');
    return conclude(tried, problems, `${((1.1 * bytes) / 1e6).toFixed(0)} MB in two lines, ${figures}`, {
      faultsInjected: 4,
    });
  },
};

function logOf({ workspace }: Trial, name: string, problems: string[]): string {
  const bytes = readFileSync(workspace.path('logs', `${name}.log`));
  const text = bytes.toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!isUtf8(bytes) || /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/.test(text))
    problems.push(`the log of ${name} is no plain UTF-8`);
  return text;
}

interface Flooded {
  runs: Run[];
  problems: string[];
  figures: string;
}

/** All modules at once, to their end; how much memory that took, and how much disk. */
async function flooded(context: FaultContext, tried: Trial, count: number): Promise<Flooded> {
  const supervisor = context.start(tried.workspace.root);
  const ended = (): boolean => runsIn(supervisor.stdout()).length === count;
  await whileAlive(supervisor, 'the modules have ended', ended, 800_000);
  const peak = peakMb(supervisor.process.pid);
  const { code, runs } = await stopped(supervisor, tried);
  const folder = tried.workspace.path('logs');
  const sizes = new Map<string, number>();
  for (const name of readdirSync(folder)) {
    const module = name.replace(/\.log.*/, '');
    sizes.set(module, (sizes.get(module) ?? 0) + statSync(`${folder}/${name}`).size);
  }
  const problems = [...sizes].flatMap(([name, size]) =>
    size > LOG_BYTES ? [`the logs of ${name} take ${size} bytes`] : [],
  );
  if (code !== 0) problems.push(`the supervisor ended with ${code}`);
  if (peak > (count === 1 ? LIMIT_MB : LIMIT_OF_SEVERAL_MB))
    problems.push(`the supervisor took ${peak.toFixed(0)} MB`);
  const seconds = Math.max(...runs.map(({ runtimeSeconds }) => runtimeSeconds ?? 0));
  return { runs, problems, figures: `supervisor at most ${peak.toFixed(0)} MB, ${seconds.toFixed(1)} s` };
}
