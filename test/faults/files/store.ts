import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { TWO_STEPS } from '../../helpers/steps.ts';
import { type Fault, outcome } from '../fault.ts';
import { Witness } from '../invariants.ts';
import { pipeline } from '../pipeline.ts';
import { once } from '../trial.ts';

const PLACES = { quick: 1, full: 12 };

type Spoiler = (good: Buffer) => Buffer;

const WHOLE: Record<string, Spoiler> = {
  'a text': () => Buffer.from('no database\n'.repeat(1000)),
  nothing: () => Buffer.alloc(0),
  half: good => good.subarray(0, good.length / 2),
};

export const corruptStore: Fault = {
  id: 'files/corrupt-store',
  group: 'files',
  weight: 'critical',
  fault:
    'random bytes at 12 places of watchkeeper.db (quick: 1), a text in its place, an empty file, half of it',
  promise:
    'set aside and named, or read as it was; the history is taken over from performance.json, nothing shown is lost',
  quick: true,
  needs: ['linux'],
  async inject(context) {
    const problems: string[] = [];
    const totals = { faultsInjected: 0, runsAcknowledged: 0, runsLost: 0 };
    const spoilers: Record<string, Spoiler> = {
      ...(context.size === 'full' ? WHOLE : {}),
      ...Object.fromEntries(
        Array.from({ length: PLACES[context.size] }, (_, index) => {
          const at = context.random();
          return [`random bytes (${index + 1})`, (good: Buffer) => scratched(good, at, context.random)];
        }),
      ),
    };
    for (const [what, spoil] of Object.entries(spoilers)) {
      const line = pipeline(context, { yaml: TWO_STEPS });
      const witness = new Witness(line, { adopted: true });
      const trial = { workspace: line.workspace, witness };
      for (let turn = 0; turn < 2; turn += 1) await once(context, trial);
      const path = line.workspace.path('data', 'watchkeeper.db');
      const good = readFileSync(path);
      for (const side of ['-wal', '-shm']) rmSync(`${path}${side}`, { force: true });
      writeFileSync(path, spoil(good));
      const { code, stderr } = await once(context, trial);
      const { problems: found, counts } = await witness.verdict();
      if (code !== 0 && code !== 1) problems.push(`${what}: it ended with ${code}: ${stderr.slice(-300)}`);
      problems.push(...found.map(problem => `${what}: ${problem}`));
      totals.faultsInjected += 1;
      totals.runsAcknowledged += counts.runsAcknowledged;
      totals.runsLost += counts.runsLost;
      context.progress(`${what}: ${stderr.trim().split('\n')[0]?.slice(0, 120) ?? ''}`);
    }
    return outcome(problems, `${totals.faultsInjected} damages`, totals);
  },
};

/** 512 random bytes somewhere. */
function scratched(good: Buffer, at: number, random: () => number): Buffer {
  const copy = Buffer.from(good);
  const from = Math.floor(at * Math.max(copy.length - 512, 1));
  for (let index = from; index < Math.min(from + 512, copy.length); index += 1)
    copy[index] = Math.floor(random() * 256);
  return copy;
}
