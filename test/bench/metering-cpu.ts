import { join } from 'node:path';
import type { BenchPart } from './bench-part.ts';
import { findPython, GETRUSAGE } from './languages.ts';
import { LOADS, type Load } from './metered-run.ts';
import { measureErrors, type Quantity } from './metering.ts';

const CPU_TIME: Quantity = {
  title: 'Error of the CPU time',
  unit: 'ms',
  truthScale: 1000,
  recorded: ({ run }) => (run.cpuSeconds === null ? null : run.cpuSeconds * 1000),
  sampled: ({ sampled }) => sampled.cpuMs,
  atLeast: 2,
  percent: 2,
  notes: [
    'the truth is what `getrusage` says to the load just before its end, of itself and of what it waited for; others than Perl ' +
      'are started by a Perl that says it for them, as their own end takes milliseconds that they cannot report',
  ],
};

/** How far the recorded CPU time of a run is off. */
export const meteringCpu: BenchPart = {
  name: 'metering-cpu',
  measure: options => {
    const loads = options.quick ? loadsOf(findPython()).slice(3, 5) : loadsOf(findPython());
    return measureErrors(
      CPU_TIME,
      loads.map(load => ({ ...load, repeats: options.quick ? 1 : 7 })),
      options,
    );
  },
};

function loadsOf(python: string | null): Load[] {
  const single = [5, 20, 100, 300, 2000].map(ms => ({ label: `Perl, ${ms} ms`, argv: burn(ms) }));
  const pythons = [
    { label: 'Python, 100 ms', argv: below(python ?? '', '-c', PYTHON, '0.1') },
    {
      label: 'Python with two Python children, 100 ms each',
      argv: below(python ?? '', '-c', PYTHON, '0.1', '2'),
    },
  ];
  return [
    ...single,
    { label: 'sh, a loop', argv: below('sh', '-c', SHELL) },
    { label: 'Node, 100 ms', argv: below(process.execPath, '-e', NODE, '100') },
    {
      label: 'Node with two Node children, 200 ms each',
      argv: below(process.execPath, '-e', NODE, '200', '2'),
    },
    {
      label: 'Perl, then sh, then Node, one below the other',
      argv: below('sh', '-c', `${SHELL}; "$@"`, 'sh', process.execPath, '-e', NODE, '100'),
    },
    ...(python === null ? [] : pythons),
  ];
}

function burn(ms: number, ...command: string[]): string[] {
  return ['perl', join(LOADS, 'burn.pl'), GETRUSAGE, String(ms), ...command];
}

/** Below a Perl that uses next to nothing, and says what the system counted in all. */
function below(...command: string[]): string[] {
  return burn(0, ...command);
}

const SHELL = 'i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done';

const NODE = `
const [ms, children = 0] = process.argv.slice(1).map(Number);
const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const args = [...process.execArgv, String(ms)];
for (let index = 0; index < children; index++) require('node:child_process').spawn(process.execPath, args);
while (used() < ms);`;

const PYTHON = `
import subprocess, sys, time
seconds, children = float(sys.argv[1]), int((sys.argv + ["0"])[2])
started = [subprocess.Popen([sys.executable, *sys.orig_argv[1:3], sys.argv[1]]) for _ in range(children)]
while time.process_time() < seconds: pass
for child in started: child.wait()`;
