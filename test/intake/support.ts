import { mkdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, type TestContext } from 'node:test';
import { CLOCK } from '../../src/clock.ts';
import type { Sample } from '../../src/glossary/sample.ts';
import { Intake, type IntakeOptions } from '../../src/intake/intake.ts';
import { setAside } from '../../src/store/set-aside.ts';
import { temporaryFolder } from '../helpers/workspace.ts';

const cleanUps: (() => unknown)[] = [];

// Before the check for leaks, which runs before the hooks of a test itself.
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

export interface Opened {
  intake: Intake;
  path: string;
  samples: Sample[];
  warnings: string[];
  /** `source metric value` of all samples so far. */
  taken(): string[];
}

/** An intake that is started, in a folder of its own; stopped after the test. */
export async function anIntake(t: TestContext, options: Partial<IntakeOptions> = {}): Promise<Opened> {
  const { path = join(temporaryFolder(t), 'metrics.sock') } = options;
  const [samples, warnings]: [Sample[], string[]] = [[], []];
  const intake = new Intake({
    ...{ clock: CLOCK, flushMs: 20, path, warn: message => void warnings.push(message) },
    sink: { take: taken => void samples.push(...taken) },
    files: {
      prepareFolder: () => void mkdirSync(join(path, '..'), { recursive: true }),
      setAside: place => setAside(place, CLOCK.now()),
    },
    known: () => ({
      modules: new Set(['collector']),
      services: new Set(['market-feed']),
      sampled: new Set(['market-feed']),
    }),
    ...options,
  });
  await intake.start();
  cleanUps.push(() => intake.stop());
  const taken = (): string[] => samples.map(({ source, metric, value }) => `${source} ${metric} ${value}`);
  return { intake, path, samples, warnings, taken };
}

/** A client that is connected; what the other side does to it is no error. Gone after the test. */
export async function aClient(path: string): Promise<Socket> {
  const socket = connect(path);
  socket.on('error', () => undefined).resume();
  cleanUps.push(() => socket.destroy());
  await new Promise(resolve => socket.once('connect', resolve).once('close', resolve));
  return socket;
}

/** Sends all of it and waits until the other side has closed as well. */
export async function send(path: string, text: string | Buffer): Promise<void> {
  const socket = await aClient(path);
  const closed = new Promise(resolve => socket.once('close', resolve));
  socket.end(text);
  await closed;
}
