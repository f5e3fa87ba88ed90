/** One value of a metric that does not belong to a run: the machine's, or what a service or program reports. */
export interface Sample {
  timeMs: number;
  /** `system`, or the name of the module, service or program that reports. */
  source: string;
  metric: string;
  labels: Record<string, string>;
  value: number;
}

/** Takes samples in; never throws, never waits. */
export interface SampleSink {
  take(samples: readonly Sample[]): void;
}
