import { z } from 'zod';
import type { SavedModule } from './detect/module.ts';
import type { Store } from './store/store.ts';

/** What was saved by another version is not read: its numbers may mean something else. */
const VERSION = 2;

const keptSchema = z.object({
  version: z.literal(VERSION),
  run: z.string(),
  period: z.number().nullable(),
  metrics: z.array(z.tuple([z.string(), z.base64()])),
  ignored: z.array(z.string()),
});

const keyOf = (module: string): string => `detection/${module}`;

/**
 * Keeps what a module's events rest on, beside its runs. It need not survive a power failure: what is lost is learned again from what was kept
 * before it. Some 14 kB for each metric.
 *
 * @throws WatchkeeperError 'fenced', 'store'
 */
export function keepDetection(
  store: Pick<Store, 'setFact'>,
  module: string,
  { run, period, metrics, ignored }: SavedModule,
): void {
  const texts = [...metrics].map(([name, numbers]) => [name, Buffer.from(numbers.buffer).toString('base64')]);
  const kept = { version: VERSION, run, period, metrics: texts, ignored };
  store.setFact(keyOf(module), kept, 'process');
}

/** What was kept last; null where there is nothing that can be read. */
export function keptDetection(store: Pick<Store, 'fact'>, module: string): SavedModule | null {
  const kept = keptSchema.safeParse(store.fact(keyOf(module)));
  if (!kept.success) return null;
  const { run, period, metrics, ignored } = kept.data;
  return {
    ...{ run, period, ignored },
    metrics: new Map(metrics.map(([name, text]) => [name, numbersIn(text)])),
  };
}

function numbersIn(text: string): Float64Array<ArrayBuffer> {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64')); // a copy that begins where a number may
  return new Float64Array(bytes.buffer, 0, bytes.length >> 3);
}
