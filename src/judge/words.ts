import type { AnomalyEvent, Direction, Kind, Since } from '../glossary/event.ts';
import { roundSignificant, roundTo } from '../stats/round.ts';

/** What a person calls a metric, and its unit; a custom metric goes by its own name and has none. */
const WORDS = new Map<string, { name: string; unit: string }>([
  ['runtimeSeconds', { name: 'runtime', unit: ' s' }],
  ['cpuPercent', { name: 'CPU', unit: '%' }],
  ['memoryMb', { name: 'memory', unit: ' MB' }],
  ['apiLatencySeconds', { name: 'API latency', unit: ' s' }],
  ['setupSeconds', { name: 'setup', unit: ' s' }],
  ['cleanupSeconds', { name: 'cleanup', unit: ' s' }],
  ['samplesPerSecond', { name: 'throughput', unit: '/s' }],
  ['diskReadMb', { name: 'disk reads', unit: ' MB' }],
  ['diskWrittenMb', { name: 'disk writes', unit: ' MB' }],
  ['contextSwitches', { name: 'context switches', unit: '' }],
]);

const LONGEST_NAME = 80;

/** What an anomaly's message is made of. */
export interface Finding {
  module: string;
  metric: string;
  value: number;
  baseline: number;
  deviationPercent: number | null;
  direction: Direction;
  /** Null: the baseline is a fixed one. */
  window: number | null;
}

/** `collector: runtime 0.81 s is 88.4% above its 5-run average of 0.43 s` */
export function anomalyMessage(finding: Finding): string {
  const { module, metric, value, baseline, deviationPercent, direction, window } = finding;
  const { name, unit } = WORDS.get(metric) ?? { name: printable(metric), unit: '' };
  const [shownValue, shownBaseline] = apart(value, baseline);
  const kind = window === null ? 'fixed baseline' : `${window}-run average`;
  const percent = deviationPercent === null ? '' : `${percentText(deviationPercent)}% `;
  return `${module}: ${name} ${shownValue}${unit} is ${percent}${direction} its ${kind} of ${shownBaseline}${unit}`;
}

/** `collector: runtime 0.47 s, before 0.43 s: a shift of +9.3% since 2026-11-20T12:00:00Z (first run of 9fceb02, after 1c002dd), 97% sure` */
export function changeMessage(change: {
  module: string;
  metric: string;
  kind: Kind;
  baseline: number;
  value: number;
  sizePercent: number | null;
  confidence: number;
  since: Since | null;
}): string {
  const { module, metric, kind, baseline, value, sizePercent, confidence, since } = change;
  const { name, unit } = WORDS.get(metric) ?? { name: printable(metric), unit: '' };
  // Of a shift the new level: this run alone may lie anywhere around it.
  const level = kind === 'shift' && sizePercent !== null ? baseline * (1 + sizePercent / 100) : value;
  const [shownLevel, shownBaseline] = apart(level, baseline);
  const size =
    sizePercent === null ? '' : ` of ${sizePercent > 0 ? '+' : '-'}${percentText(Math.abs(sizePercent))}%`;
  const begin = since === null ? '' : ` since ${since.time}${commitText(since)}`;
  return `${module}: ${name} ${shownLevel}${unit}, before ${shownBaseline}${unit}: a ${kind}${size}${begin}, ${sureness(confidence)}`;
}

/** Said where the shift came with a commit of the user. */
function commitText({ revisionBefore, revisionAfter }: Since): string {
  if (revisionAfter === null || revisionBefore === null || revisionBefore === revisionAfter) return '';
  return ` (first run of ${revisionAfter}, after ${revisionBefore})`;
}

/** `97% sure`; never 100%, which nobody is. */
export function sureness(confidence: number): string {
  return `${Math.min(99, roundTo(confidence * 100, 0))}% sure`;
}

/** `Anomaly recovered: collector - runtimeSeconds` */
export function endMessage(
  event: Exclude<AnomalyEvent['event'], 'anomaly'>,
  module: string,
  metric: string,
): string {
  return `Anomaly ${event}: ${module} - ${printable(metric)}`;
}

/** Both numbers short, but never so short that two different ones look the same. */
function apart(a: number, b: number): [string, string] {
  for (let digits = 3; digits <= 17; digits += 1) {
    const texts: [string, string] = [short(a, digits), short(b, digits)];
    if (texts[0] !== texts[1]) return texts;
  }
  return [String(a), String(b)];
}

/** So many significant digits, and never fewer than the whole part has. */
function short(value: number, digits: number): string {
  const whole = Math.abs(value) >= 1 ? Math.floor(Math.log10(Math.abs(value))) + 1 : 0;
  return String(whole > digits ? roundTo(value, 0) : roundSignificant(value, digits));
}

function percentText(percent: number): string {
  return percent >= 0.1 ? roundTo(percent, 1).toFixed(1) : String(roundSignificant(percent, 1));
}

/** A module chooses the names of its metrics: in a message, one stays on its line and within bounds. */
function printable(metric: string): string {
  return metric.replace(/[\p{C}\p{Z}]+/gu, ' ').slice(0, LONGEST_NAME);
}
