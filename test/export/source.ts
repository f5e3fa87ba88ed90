import type { ExportSource, ModuleNow } from '../../src/export/format.ts';
import { FORMATS } from '../../src/export/formats.ts';
import { OUTCOMES, type Run, TRIGGERS } from '../../src/glossary/run.ts';
import { fc } from '../helpers/properties.ts';
import { aRun } from '../store/fixtures.ts';

export interface WatchedSource extends ExportSource {
  /** How many pages were asked for so far. */
  asked(): number;
}

/** These runs in pages. */
export function sourceOf(runs: readonly Run[], size = 2, modules: readonly ModuleNow[] = []): WatchedSource {
  let asked = 0;
  return {
    *pages() {
      for (let start = 0; start < runs.length; start += size) {
        asked += 1;
        yield runs.slice(start, start + size);
      }
    },
    customMetrics: () => [...new Set(runs.flatMap(({ custom }) => Object.keys(custom)))].sort(),
    modules: () => modules,
    asked: () => asked,
  };
}

/** All that a format makes of a source, joined. */
export async function rendered(name: string, source: ExportSource): Promise<Buffer> {
  const format = FORMATS.find(each => each.name === name);
  if (format === undefined) throw new Error(`there is no format ${name}`);
  const render = await format.load();
  return Buffer.concat([...render(source)].map(piece => Buffer.from(piece)));
}

const figure = fc.option(fc.double({ min: 0, max: 1e15, noNaN: true, noDefaultInfinity: true }));
const whole = fc.nat({ max: 1e12 });
const time = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map(date => date.toISOString());
const words = fc.option(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('', '"', ',', 'a\r\nb', ' a ', "'", '=1+1', '-1', '@x', '\t', 'true', '0', 'NULL'),
  ),
);
const name = fc.oneof(
  fc.constantFrom('rowsCollected', 'a.b', 'id', '_', 'accuracy'),
  fc.stringMatching(/^[A-Za-z_][\w.]{0,20}$/),
);

/** Runs with everything that the store accepts. */
export const RUN: fc.Arbitrary<Run> = fc
  .record({
    id: fc.stringMatching(/^[\w-]{1,26}$/),
    module: fc.constantFrom('a', 'collector', 'signal-generator'),
    iteration: whole,
    trigger: fc.constantFrom(...TRIGGERS),
    attempt: whole,
    startedAt: time,
    endedAt: time,
    outcome: fc.constantFrom(...OUTCOMES),
    exitCode: fc.option(fc.integer({ min: -1, max: 255 })),
    signal: fc.option(fc.constantFrom('SIGTERM', 'SIGKILL')),
    runtimeSeconds: figure,
    cpuSeconds: figure,
    cpuPercent: figure,
    memoryMb: figure,
    apiLatencySeconds: figure,
    api: fc.option(
      fc.record({
        count: whole,
        errors: whole,
        p95: fc.double({ min: 0, max: 1e9, noNaN: true }),
        max: fc.constant(1),
      }),
    ),
    setupSeconds: figure,
    cleanupSeconds: figure,
    samplesPerSecond: figure,
    diskReadMb: figure,
    diskWrittenMb: figure,
    contextSwitches: fc.option(whole),
    labels: fc.dictionary(
      fc.oneof(fc.constantFrom('model', 'a.b', 'a_b', 'a_b_2', 'module', 'job'), name),
      fc.oneof(fc.constantFrom('v3', 'a "b" \\c', 'ä'), fc.stringMatching(/^[\w ]{1,9}$/)),
      { maxKeys: 5, noNullPrototype: true },
    ),
    custom: fc.dictionary(name, fc.double({ noNaN: true, noDefaultInfinity: true }), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    revision: words,
    reason: words,
  })
  .map(aRun);
