import type { Run } from '../glossary/run.ts';

/** One run of a module beside its supervisor: in no history, with the end of its output. */
export interface Trial {
  run: Run;
  output: string[];
}
