import type { Clock } from '../glossary/clock.ts';
import type { SampleSink } from '../glossary/sample.ts';
import type { ServiceUse } from '../glossary/service.ts';
import { SYSTEM_SOURCE } from '../metric-name.ts';
import type { Reading } from './reading.ts';
import { serviceSamples } from './services.ts';
import { valuesOf } from './values.ts';

export interface SamplerOptions {
  clock: Clock;
  sink: SampleSink;
  everyMs: number;
  /** What can be said of the machine now; never throws. */
  read(monotonicMs: number): Reading;
  /** What the services take now; never throws. */
  services(): ServiceUse[];
}

/** A sample that comes so many times later than it should says nothing of rates. */
const LATE = 3;

/** Samples the machine and the services at its start and once in a while from then on. Does not keep the process alive. */
export class SystemSampler {
  readonly #options: SamplerOptions;
  #timer: NodeJS.Timeout | null = null;
  #before: Reading | null = null;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), this.#options.everyMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#before = null;
  }

  #sample(): void {
    const { clock, sink, everyMs, read, services } = this.#options;
    const timeMs = clock.now();
    const reading = read(clock.monotonic());
    const values = valuesOf(this.#before, reading, LATE * everyMs);
    this.#before = reading;
    sink.take([
      ...values.map(value => ({ timeMs, source: SYSTEM_SOURCE, ...value })),
      ...services().flatMap(use => serviceSamples(use, timeMs)),
    ]);
  }
}
