import type { BenchPart } from './bench-part.ts';
import { closing } from './closing.ts';
import { cpuPerRun } from './cpu-per-run.ts';
import { exporting } from './exporting.ts';
import { idle } from './idle.ts';
import { meteringCpu } from './metering-cpu.ts';
import { meteringMemory } from './metering-memory.ts';
import { questions } from './questions.ts';
import { record } from './record.ts';
import { startUp } from './start-up.ts';
import { watching } from './watching.ts';

/** Every part of the benchmark, in the order in which they are measured. */
export const PARTS: BenchPart[] = [
  record,
  cpuPerRun,
  idle,
  meteringCpu,
  meteringMemory,
  watching,
  closing,
  startUp,
  exporting,
  questions,
];
