import { isUtf8 } from 'node:buffer';
import { parseJsonLine } from './json-line.ts';
import { type KnownNames, type Refusal, type Report, refuse } from './report.ts';
import { parseStatsdLine } from './statsd-line.ts';

/** What one line of the socket reports: JSON where it begins with a brace, else StatsD text. An empty line reports nothing. */
export function parseLine(bytes: Uint8Array, known: KnownNames, nowMs: number): Report[] | Refusal {
  if (!isUtf8(bytes)) return refuse('it is no UTF-8');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').trim();
  if (text === '') return [];
  if (!text.startsWith('{')) return parseStatsdLine(text, known);
  const report = parseJsonLine(text, known, nowMs);
  return 'problem' in report ? report : [report];
}
