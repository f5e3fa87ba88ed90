import type { Child, ChildSpec, Runner } from '../glossary/child.ts';
import type { Clock } from '../glossary/clock.ts';
import { followChild } from './child.ts';
import { startDirect } from './direct.ts';
import { startKept } from './keeper.ts';
import { findKeeperProgram, type KeeperProgram } from './keeper-program.ts';
import { startProcMeter } from './proc-meter.ts';
import { checkSpec } from './start-error.ts';
import { notStarted, type Start, type StartSpec } from './started.ts';
import { startUsageMeter } from './usage-meter.ts';

export interface RunnerOptions {
  clock: Clock;
  warn(message: string): void;
  /** `auto` (default): through the keeper where this machine can run it. `none`: always directly, metered less exactly. */
  keeper?: 'auto' | 'none';
}

/**
 * Starts commands on this machine and meters them. A child is the head of its own process group, reads nothing from
 * its standard input, and takes all of its descendants with it when it ends. Which mechanism is used is decided at the
 * first start, once.
 */
export function createRunner(options: RunnerOptions): Runner {
  const parts = {
    clock: options.clock,
    warn: (message: string) => options.warn(message),
    startMeter: process.platform === 'linux' ? startProcMeter : startUsageMeter,
  };
  let chosen: Start | null = null;
  return {
    start(spec: ChildSpec): Child {
      chosen ??= chooseStart(options);
      const start = chosen;
      const startSpec: StartSpec = {
        ...spec,
        argv: spec.shell ? ['/bin/sh', '-c', ...spec.argv] : spec.argv,
      };
      const problem = checkSpec(startSpec);
      return followChild(spec, () => (problem === null ? start(startSpec) : notStarted(problem)), parts);
    },
  };
}

function chooseStart({ keeper, warn }: RunnerOptions): Start {
  const program: KeeperProgram | null = keeper === 'none' ? null : findKeeperProgram();
  if (program !== null) return spec => startKept(spec, program);
  if (keeper !== 'none' && process.platform === 'linux') {
    warn(
      'there is no usable Perl: CPU time and memory of short runs are measured less exactly; install the package "perl"',
    );
  }
  return startDirect;
}
