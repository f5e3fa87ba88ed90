import type { Verdict } from './execute.ts';
import type { Counts, Fault } from './fault.ts';

interface Line {
  fault: Fault;
  verdict: Verdict;
  happened: string;
  seconds: number;
  counts: Partial<Counts>;
}

/** The results as a Markdown table, what was broken in full, and the totals. */
export function formatResults(results: Line[]): string {
  const rows = results.map(({ fault, verdict, seconds, happened }) => [
    fault.id,
    fault.weight,
    verdict === 'broken' ? 'BROKEN' : verdict,
    `${seconds.toFixed(0)} s`,
    firstLine(happened),
  ]);
  const broken = results
    .filter(({ verdict }) => verdict === 'broken')
    .map(({ fault, happened }) => `\n${fault.id}: ${fault.promise}\n  BROKEN: ${happened}\n`);
  return `${tableOf(['row', 'weight', 'promise', 'time', 'what happened'], rows)}\n${totals(results)}${broken.join('')}`;
}

export function listOf(rows: Fault[]): string {
  const cells = rows.map(({ id, weight, quick, onlyByName, fault, promise }) => [
    id,
    weight,
    onlyByName ? 'by name' : quick ? 'quick' : '',
    fault,
    promise,
  ]);
  return tableOf(['row', 'weight', 'when', 'fault', 'promise'], cells);
}

function totals(results: Line[]): string {
  const count = (verdict: Verdict): number => results.filter(result => result.verdict === verdict).length;
  const sum = (name: keyof Counts): number =>
    results.reduce((total, { counts }) => total + (counts[name] ?? 0), 0);
  return [
    `${results.length} row(s): ${count('kept')} kept, ${count('broken')} broken, ${count('skipped')} skipped`,
    `${sum('killPoints')} kill points tried, ${sum('faultsInjected')} other faults injected`,
    `${sum('runsAcknowledged')} acknowledged runs, ${sum('runsLost')} of them lost`,
    '',
  ].join('\n');
}

function tableOf(head: string[], rows: string[][]): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map(row => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(column === cells.length - 1 ? 0 : (widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`;
  return `${[line(head), rule, ...rows.map(line)].join('\n')}\n`;
}

function firstLine(text: string): string {
  const [first = ''] = text.split('\n');
  return first.length > 160 ? `${first.slice(0, 159)}…` : first;
}
