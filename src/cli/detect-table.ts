import { FEWEST } from '../detect/events/thresholds.ts';
import type { ColumnChange, RowVerdict } from '../detect/replay.ts';
import type { Row } from '../series/series.ts';
import { roundSignificant } from '../stats/round.ts';
import type { DetectView } from './detect-view.ts';
import { seconds as inSeconds, NONE } from './format.ts';
import { plain } from './plain.ts';
import { partOf, plotted, rangeOf } from './plot.ts';
import { table, widthOf } from './table.ts';
import { colorsFor, type TextStream } from './terminal.ts';

const HEADING = ['index', 'time', 'value', 'expected', 'kind', 'size', 'began', 'sure'];
const VOTES = 'flagged by';
const PLOT_HEIGHT = 10;
const MOST_PLOTS = 4;

interface Found {
  index: number;
  row: Row;
  verdict: RowVerdict;
}

/** For a person: the events as a table, each column as a plot with its events marked, and a line in the end. */
export function tableView(
  stdout: TextStream,
  env: NodeJS.ProcessEnv,
  columns: readonly string[],
): DetectView {
  const colors = colorsFor(stdout, env);
  const found: Found[] = [];
  const values: (number | null)[][] = columns.map(() => []);
  const width = Math.max(40, Math.min(160, stdout.columns ?? 100)) - 2;
  return {
    point(index, row, verdict) {
      values.forEach((column, place) => void column.push(row.values[place] ?? null));
      if (verdict.event) found.push({ index, row, verdict });
    },
    end(changes, points, seconds) {
      const rows = [headingFor(columns), ...found.map(each => eventRow(each, columns))];
      const votes = [VOTES, ...found.map(({ verdict }) => flaggedBy(verdict))];
      const lines =
        found.length === 0
          ? []
          : beside(table(rows, columns.length > 1 ? 3 : 2, widthOf(stdout)), votes, widthOf(stdout));
      lines.forEach((line, index) => {
        const severity = found[index - 1]?.verdict.severity;
        const color = index === 0 ? colors.dim : severity === 'critical' ? colors.red : colors.yellow;
        stdout.write(`${color(line)}\n`);
      });
      const isFound = (column: number): boolean => found.some(({ verdict }) => verdict.column === column);
      const order = [...columns.keys()].sort((a, b) => Number(isFound(b)) - Number(isFound(a)));
      for (const column of order.slice(0, MOST_PLOTS)) {
        const events = found.filter(({ verdict }) => verdict.column === column);
        const lines = plotOf(columns[column] ?? '', values[column] ?? [], events, width, colors);
        stdout.write(`\n${lines.join('\n').trimEnd()}\n`);
      }
      if (columns.length > MOST_PLOTS)
        stdout.write(`\n${columns.length - MOST_PLOTS} more column(s) are not drawn\n`);
      stdout.write(`\n${summaryLine(found.length, changes, points, seconds)}\n`);
    },
  };
}

/** One more column, flush left; below where there is no room for it. */
function beside(lines: readonly string[], more: readonly string[], width: number): string[] {
  const isRoom = lines.every((line, index) => line.length + 2 + (more[index] ?? '').length <= width);
  return lines.map((line, index) => `${line}${isRoom ? '  ' : '\n    '}${more[index]}`);
}

function headingFor(columns: readonly string[]): string[] {
  return columns.length > 1 ? ['index', 'time', 'column', ...HEADING.slice(2)] : HEADING;
}

function eventRow({ index, row, verdict }: Found, columns: readonly string[]): string[] {
  const value = row.values[verdict.column] ?? null;
  const { kind, beganAgo, sizePercent, confidence } = verdict;
  const size = sizePercent === null ? NONE : `${sizePercent > 0 ? '+' : ''}${sizePercent.toFixed(1)}%`;
  return [
    String(index),
    row.time === null ? NONE : plain(String(row.time)),
    ...(columns.length > 1 ? [plain(columns[verdict.column] ?? '')] : []),
    short(value),
    verdict.expected === null ? NONE : `${short(verdict.expected[0])} to ${short(verdict.expected[1])}`,
    kind ?? NONE,
    size,
    beganAgo === null ? NONE : String(index - beganAgo),
    `${(confidence * 100).toFixed(0)} %`,
  ];
}

function flaggedBy({ votes }: RowVerdict): string {
  const names = Object.entries(votes).filter(([, vote]) => vote !== null && vote >= 0.5);
  return names.length === 0 ? NONE : names.map(([name]) => name).join(', ');
}

function plotOf(
  name: string,
  values: readonly (number | null)[],
  events: readonly Found[],
  width: number,
  colors: ReturnType<typeof colorsFor>,
): string[] {
  const [low, high] = rangeOf(values);
  const marks = new Array<string>(width).fill(' ');
  for (const { index, verdict } of events) {
    marks[partOf(index, values.length, width)] = verdict.kind === 'shift' ? '|' : '^';
  }
  return [
    colors.dim(`${plain(name)}  ${short(low)} to ${short(high)}`),
    ...plotted(values, width, PLOT_HEIGHT),
    colors.red(marks.join('').trimEnd()),
  ];
}

function summaryLine(
  events: number,
  changes: readonly ColumnChange[],
  points: number,
  seconds: number,
): string {
  if (points < FEWEST) return `${points} point(s) are too few to be judged: verdicts begin after ${FEWEST}`;
  const found = events === 0 ? 'no event' : `${events} event(s) (^ spike, | shift)`;
  const where = changes.length === 0 ? 'no lasting change' : `lasting changes at ${placesOf(changes)}`;
  return `${found} in ${points} points, which took ${inSeconds(seconds)}; over the whole series: ${where}`;
}

function placesOf(changes: readonly ColumnChange[]): string {
  return [...new Set(changes.map(({ index }) => index))].join(', ');
}

function short(value: number | null): string {
  return value === null ? NONE : String(roundSignificant(value, 4));
}
