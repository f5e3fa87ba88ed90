import { join } from 'node:path';
import type { BenchPart } from './bench-part.ts';
import { findPython } from './languages.ts';
import { LOADS } from './metered-run.ts';
import { measureErrors, type Quantity, type RepeatedLoad } from './metering.ts';

const MEMORY: Quantity = {
  title: 'Error of the peak memory',
  unit: 'MB',
  truthScale: 1,
  recorded: ({ run }) => run.memoryMb,
  sampled: ({ sampled }) => sampled.memoryMb,
  atLeast: 2,
  percent: 3,
  notes: [
    'each holds its peak for 30 ms; the truth is the resident memory (`VmHWM`) that the load reads of itself, and of the other ' +
      'processes of its tree, at that time',
  ],
};

const HOLD_MS = 30;

/** How far the recorded peak memory of a run is off. */
export const meteringMemory: BenchPart = {
  name: 'metering-memory',
  measure: options => {
    const [repeats, lateMs, lateRepeats] = options.quick ? [1, 200, 1] : [7, 5_000, 3];
    const early = loadsOf(findPython()).map(load => ({ ...load, repeats }));
    const late = lateLoads(lateMs).map(load => ({ ...load, repeats: lateRepeats }));
    return measureErrors(
      MEMORY,
      options.quick ? [...early.slice(0, 1), ...late.slice(0, 1)] : [...early, ...late],
      options,
    );
  },
};

function loadsOf(python: string | null): Omit<RepeatedLoad, 'repeats'>[] {
  const single = [20, 50, 200].map(megabytes => ({ label: `Perl, ${megabytes} MB`, argv: hold(megabytes) }));
  return [
    ...single,
    { label: 'Node, 50 MB', argv: [process.execPath, '-e', NODE, '50'] },
    ...(python === null ? [] : [{ label: 'Python, 50 MB', argv: [python, '-c', PYTHON, '50'] }]),
    ...[20, 50, 200].map(megabytes => ({
      label: `grandchild, ${megabytes} MB`,
      argv: grandchild(megabytes),
    })),
    { label: 'parent 20 MB and child 20 MB', argv: hold(20, 0, 20) },
    { label: 'parent 50 MB and child 200 MB', argv: hold(50, 0, 200) },
  ];
}

function lateLoads(waitMs: number): Omit<RepeatedLoad, 'repeats'>[] {
  const after = `after ${waitMs / 1000} s`;
  return [
    { label: `Perl, 50 MB ${after}`, argv: hold(50, waitMs) },
    { label: `parent 50 MB and child 50 MB ${after}`, argv: hold(50, waitMs, 50) },
  ];
}

function hold(megabytes: number, waitMs = 0, childMegabytes = 0, ancestors = 0): string[] {
  const figures = [megabytes, HOLD_MS, waitMs, childMegabytes, ancestors].map(String);
  return ['perl', join(LOADS, 'hold.pl'), ...figures];
}

/** Two shells above it; without a command after theirs, a shell would become its child itself. */
function grandchild(megabytes: number): string[] {
  return ['sh', '-c', 'sh -c \'"$@"; true\' sh "$@"; true', 'sh', ...hold(megabytes, 0, 0, 2)];
}

const NODE = `
const { appendFileSync, readFileSync } = require('node:fs');
const held = Buffer.alloc(process.argv[1] * 1e6, 1);
setTimeout(() => {
  const kilobytes = /^VmHWM:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1];
  const line = { metric: 'trueValue', value: kilobytes * 1024 / 1e6, held: held.length };
  appendFileSync(process.env.WATCHKEEPER_METRICS, JSON.stringify(line) + '\\n');
}, ${HOLD_MS});`;

const PYTHON = `
import json, os, re, sys, time
held = bytearray(b"x") * (int(sys.argv[1]) * 1000000)
time.sleep(${HOLD_MS / 1000})
kilobytes = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
with open(os.environ["WATCHKEEPER_METRICS"], "a") as report:
    report.write(json.dumps({"metric": "trueValue", "value": kilobytes * 1024 / 1e6}) + "\\n")`;
