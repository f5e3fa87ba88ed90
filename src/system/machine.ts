import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Machine } from '../glossary/benchmark.ts';
import { roundTo } from '../stats/round.ts';

/** What a benchmark's figures depend on, of this machine. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryMb: roundTo(totalmem() / 1e6, 0),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}
