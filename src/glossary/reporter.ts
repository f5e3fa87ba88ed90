import type { LogEvent } from './event.ts';
import type { IterationSummary } from './iteration.ts';
import type { Run } from './run.ts';

/** What a person is told while it happens. One member for the terminal; alerts and dashboards come as further ones. */
export interface Reporter {
  runEnded(run: Run, events: LogEvent[]): void;
  iterationEnded(summary: IterationSummary): void;
  info(message: string): void;
  warn(message: string): void;
}
