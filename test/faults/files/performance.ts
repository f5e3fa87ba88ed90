import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { TWO_STEPS } from '../../helpers/steps.ts';
import type { Workspace } from '../../helpers/workspace.ts';
import { type Fault, type FaultContext, missed, type Outcome, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { once, type Trial } from '../trial.ts';
import { cuts, type Spoilt, spoiltTexts } from './texts.ts';

/** One start each: a third of a second. */
const CUTS = { quick: 2, full: 300 };
const TEXTS = { quick: 3, full: 100 };
/** For some 400 starts beside other work. */
const LIMIT_SECONDS = { quick: 60, full: 2_400 };

export const spoiltPerformance: Fault = {
  id: 'files/performance-json',
  group: 'files',
  weight: 'critical',
  fault:
    'performance.json cut at 300 bytes all over it (quick: 2), empty, NULs, BOM, UTF-16, wrong types, 1e999, __proto__, a future version',
  promise: 'made anew from the store with nothing lost, the bad copy set aside and named; never believed',
  quick: false,
  limitSeconds: LIMIT_SECONDS,
  needs: ['linux'],
  inject: context => spoil(context, 'performance.json'),
};

export const spoiltStatus: Fault = {
  id: 'files/status-json',
  group: 'files',
  weight: 'high',
  fault: 'the same for status.json',
  promise: 'made anew, the bad copy set aside and named',
  quick: false,
  limitSeconds: LIMIT_SECONDS,
  needs: ['linux'],
  inject: context => spoil(context, 'status.json'),
};

async function spoil(context: FaultContext, file: string): Promise<Outcome> {
  const line = pipeline(context, { yaml: TWO_STEPS });
  const { workspace } = line;
  const trial: Trial = { workspace, witness: new Witness(line) };
  const problems: string[] = [];
  await once(context, trial);
  const { content } = current(workspace, file);
  const texts = spoiltTexts(content).slice(0, TEXTS[context.size]);
  const all = [...texts, ...cuts(content, CUTS[context.size])];
  for (const [index, spoilt] of all.entries()) {
    problems.push(...(await tried(context, trial, file, spoilt)));
    if (index % 20 === 19) context.progress(`${index + 1} of ${all.length}`);
  }
  if (all.length === 0) return missed('nothing was spoilt');
  const { problems: found, counts } = await trial.witness.verdict();
  return outcome([...problems, ...found], `${all.length} ways`, { faultsInjected: all.length, ...counts });
}

async function tried(
  context: FaultContext,
  trial: Trial,
  file: string,
  { what, content }: Spoilt,
): Promise<string[]> {
  const { workspace } = trial;
  const { path } = current(workspace, file);
  writeFileSync(path, content);
  const before = asides(workspace);
  const { code, stderr } = await once(context, trial);
  const fresh = asides(workspace).filter(name => !before.includes(name));
  const kept = fresh.some(name => readFileSync(workspace.path('data', name)).equals(content));
  const named = fresh.every(name => stderr.includes(name));
  for (const name of fresh) rmSync(workspace.path('data', name));
  return [
    ...(code === 0 || code === 1 ? [] : [`${what}: it ended with ${code}: ${stderr.slice(-300)}`]),
    ...(kept ? [] : [`${what}: it was not set aside (${stderr.slice(-200)})`]),
    ...(named ? [] : [`${what}: the name of the copy was not told (${stderr.slice(-200)})`]),
  ];
}

function current(workspace: Workspace, file: string): { path: string; content: Buffer } {
  const path = workspace.path('data', file);
  return { path, content: readFileSync(path) };
}

function asides(workspace: Workspace): string[] {
  return readdirSync(workspace.path('data')).filter(name => name.includes('damaged'));
}
