import type { ReportData } from './data.ts';

/** The report for programs: its data as they are, one JSON document on one line. */
export function jsonReport(data: ReportData): string {
  return `${JSON.stringify(data)}\n`;
}
