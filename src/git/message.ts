import type { AnomalyEvent } from '../glossary/event.ts';
import type { CommitStatus } from '../glossary/iteration.ts';
import type { Incident } from '../glossary/judgement.ts';
import type { Run } from '../glossary/run.ts';
import { TRAILERS } from './own.ts';

export interface MessageContent {
  iteration: number;
  status: CommitStatus;
  /** One run a module: its last attempt. */
  runs: Run[];
  events: AnomalyEvent[];
  openIncidents: Incident[];
}

/** Longer first lines are cut by most tools that show a log. */
const SUBJECT_LENGTH = 100;

/** The first line of a commit's message, at most about 100 characters unless one name alone is longer. */
export function commitSubject(content: MessageContent): string {
  const { status, iteration, runs, events, openIncidents } = content;
  switch (status) {
    case 'ok':
      return `Performance OK (iteration ${iteration})`;
    case 'anomaly':
      return `Anomaly detected: ${openIncidents.length} anomaly(ies)`;
    case 'error':
      return joined(failures(runs));
    default:
      return joined([...transitions(events, 'persisted'), ...transitions(events, 'recovered')]);
  }
}

/** Subject, a line a module with its figures, the transitions, and a block of trailers that git understands. */
export function commitMessage(subject: string, content: MessageContent): string {
  const lines = content.events
    .filter(event => event.event !== 'anomaly')
    .map(event => oneLine(event.message));
  const paragraphs = [[subject], figures(content.runs), lines, trailers(content)];
  return `${paragraphs
    .filter(paragraph => paragraph.length > 0)
    .map(paragraph => paragraph.join('\n'))
    .join('\n\n')}\n`;
}

function transitions(events: AnomalyEvent[], kind: 'persisted' | 'recovered'): string[] {
  const texts = events
    .filter(event => event.event === kind)
    .map(event => oneLine(`Anomaly ${kind}: ${event.module} - ${event.metric}`));
  return [...new Set(texts)];
}

/** Failed modules first: a skipped one is a consequence. */
function failures(runs: Run[]): string[] {
  const failed = runs.filter(run => run.outcome !== 'ok');
  const ordered = [...failed].sort(
    (a, b) => Number(a.outcome === 'skipped') - Number(b.outcome === 'skipped'),
  );
  return ordered.map(run => `Module failed: ${run.module} (${run.outcome})`);
}

function joined(parts: string[]): string {
  for (let count = parts.length; count > 1; count -= 1) {
    const rest = parts.length - count;
    const text = [...parts.slice(0, count), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
    if (text.length <= SUBJECT_LENGTH) return text;
  }
  return [parts[0] ?? '', ...(parts.length > 1 ? [`and ${parts.length - 1} more`] : [])].join('; ');
}

/** A line a module, in columns. */
function figures(runs: Run[]): string[] {
  const rows = runs.map(run => [
    run.module,
    run.attempt > 1 ? `${run.outcome} (attempt ${run.attempt})` : run.outcome,
    measured(run.runtimeSeconds, (run.runtimeSeconds ?? 1) < 0.1 ? 3 : 2, ' s'),
    `cpu ${measured(run.cpuPercent, 1, '%')}`,
    `memory ${measured(run.memoryMb, 1, ' MB')}`,
    `api ${measured(run.apiLatencySeconds, 3, ' s')}`,
    run.revision ?? '',
  ]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function measured(value: number | null, digits: number, unit: string): string {
  return value === null ? '-' : `${value.toFixed(digits)}${unit}`;
}

function trailers({ iteration, status, runs }: MessageContent): string[] {
  const modules = runs.map(run => run.module).join(', ');
  return [
    `${TRAILERS.iteration}: ${iteration}`,
    `${TRAILERS.status}: ${status}`,
    `${TRAILERS.modules}: ${modules === '' ? 'none' : modules}`,
  ];
}

/** Names of custom metrics come from modules: no line break of theirs may start a line, let alone a trailer. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
