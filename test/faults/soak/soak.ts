import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, type FaultContext, outcome } from '../fault.ts';
import { descriptorsOf } from './descriptors.ts';
import { MISHAPS } from './mishaps.ts';
import { openSoak } from './workspace.ts';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-02-20T00:00:00Z');

/** Simulated days, and hours in a step: the clock is moved on by a step at a time, and the loop follows in its own time. */
const LENGTH = { quick: { days: 1, stepHours: 3 }, full: { days: 60, stepHours: 2 } };

/** How many steps have a mishap. */
const SHARE = 0.25;

export const soak: Fault = {
  id: 'soak/sixty-days',
  group: 'soak',
  weight: 'critical',
  fault: `60 simulated days (the clock is moved on two hours at a time, through a change of summer time), in each fourth step a random one of ${MISHAPS.length} mishaps`,
  promise:
    'every started run is recorded once; store, JSON and log agree, incidents are well-formed, git history is linear, nothing is left behind or grows',
  quick: false,
  isolated: true,
  needs: ['linux', 'faketime', 'tmpfs'],
  limitSeconds: { quick: 300, full: 7_200 },
  inject: context => throughDays(context),
};

async function throughDays(context: FaultContext) {
  const { days, stepHours } = LENGTH[context.size];
  const work = openSoak(context, START);
  const struck = new Map<string, number>();
  const descriptors: number[] = [];
  await work.start();
  for (let hour = 0; hour < days * 24; hour += stepHours) {
    await work.moveTo(START + hour * HOUR_MS);
    if (context.random() < SHARE) {
      const mishap = MISHAPS[Math.floor(context.random() * MISHAPS.length)];
      if (mishap === undefined) continue;
      await sleep(context.random() * 500); // anywhere in an iteration
      await mishap.strike(work);
      struck.set(mishap.what, (struck.get(mishap.what) ?? 0) + 1);
      await work.recovered();
    }
    if (hour % 24 === 0) {
      descriptors.push(descriptorsOf(work.pid()));
      work.witness.look();
      context.progress(`day ${hour / 24 + 1}: ${work.iterations()} iterations, ${sum(struck)} mishaps`);
    }
  }
  const code = await work.end();
  const { problems, counts } = await work.witness.verdict();
  if (code !== 0) problems.push(`the last end was with ${code}`);
  if (grows(descriptors)) problems.push(`open descriptors, by the day: ${descriptors.join(', ')}`);
  const kinds = [...struck].map(([what, count]) => `${what} ${count}`).join(', ');
  return outcome(problems, `${days} days, ${work.iterations()} iterations; ${kinds}`, {
    killPoints: struck.get('kill -9') ?? 0,
    faultsInjected: sum(struck) - (struck.get('kill -9') ?? 0),
    ...counts,
  });
}

function sum(counts: Map<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

/** Ten more at the end than ever in the first days. */
function grows(counts: number[]): boolean {
  const early = Math.max(...counts.slice(0, Math.ceil(counts.length / 3)));
  return Math.min(...counts.slice(-3)) > early + 10;
}
