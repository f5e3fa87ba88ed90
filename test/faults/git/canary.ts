import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultContext } from '../fault.ts';

/** A program that leaves a mark when it runs. */
export interface Canary {
  path: string;
  /** Its arguments, a line for each time that it ran. */
  marks(): string[];
}

/** @param then what it does after that, in shell */
export function canary(context: FaultContext, then = 'exit 1'): Canary {
  const folder = mkdtempSync(join(context.folder, 'canary-'));
  const marks = join(folder, 'marks');
  const path = join(folder, 'canary');
  program(path, `echo "$0 $*" >> '${marks}'\n${then}`);
  return {
    path,
    marks: () => (existsSync(marks) ? readFileSync(marks, 'utf8').split('\n').filter(Boolean) : []),
  };
}

export function program(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}
