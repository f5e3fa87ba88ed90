import { appendFileSync } from 'node:fs';

/**
 * Reports metrics of this run to the supervisor: one JSON line each, appended to the file that it names in
 * `WATCHKEEPER_METRICS`. A null means "no value" and is left out. Started by hand, without that variable, it does nothing.
 *
 * @example report({ rowsCollected: 1200 });
 */
export function report(metrics: Record<string, number | null>): void {
  const file = process.env['WATCHKEEPER_METRICS'];
  if (!file) return;
  const lines = Object.entries(metrics)
    .filter(([, value]) => value !== null)
    .map(([metric, value]) => `${JSON.stringify({ metric, value })}\n`);
  appendFileSync(file, lines.join(''));
}
