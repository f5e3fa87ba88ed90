import { type FaultContext, missed, type Outcome, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import type { Pipeline } from '../pipeline.ts';
import { once, type Trial } from '../trial.ts';

/** What the starts of a row met. */
export interface Met {
  /** How many of them met the fault. */
  struck: number;
  problems: string[];
}

interface StartsOptions {
  /** So many starts have to meet it. */
  least: number;
  happened: (struck: number) => string;
}

/**
 * `once` again and again, each time with the fault at another place: after a first start in peace, and before a last one,
 * which must be a good one and catch up with everything.
 */
export async function manyStarts(
  context: FaultContext,
  line: Pipeline,
  { least, happened }: StartsOptions,
  meet: (trial: Trial) => Promise<Met>,
): Promise<Outcome> {
  const trial = { workspace: line.workspace, witness: new Witness(line) };
  await once(context, trial);
  const { struck, problems } = await meet(trial);
  if (struck < least) return missed(happened(struck));
  const { code, stderr } = await once(context, trial);
  if (code === 4) problems.push(`in the end it ended with 4: ${stderr.slice(-300)}`);
  const verdict = await trial.witness.verdict();
  const counts = { faultsInjected: struck, ...verdict.counts };
  return outcome([...problems, ...verdict.problems], happened(struck), counts);
}
