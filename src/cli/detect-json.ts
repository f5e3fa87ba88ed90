import type { ColumnChange } from '../detect/replay.ts';
import { roundTo } from '../stats/round.ts';
import type { DetectView } from './detect-view.ts';
import { pointLine } from './point-line.ts';
import type { TextStream } from './terminal.ts';

/** Lines are handed on in pieces of about this many characters: few writes, but no more than lies in the young generation. */
const PIECE = 1 << 14;

/** One JSON document a line: one for each point, and a last one with `"summary": true`. */
export function jsonView(stdout: TextStream, columns: readonly string[]): DetectView {
  let piece = '';
  // As bytes: a stream takes twice as long to make them of a text.
  const handOn = (): void => {
    stdout.write(Buffer.from(piece));
    piece = '';
  };
  const add = (line: string): void => {
    piece += `${line}\n`;
    if (piece.length >= PIECE) handOn();
  };
  return {
    point: (index, row, verdict) => add(pointLine(index, row, verdict, columns)),
    end(changes, points, seconds) {
      const summary = {
        summary: true,
        changePoints: [...new Set(changes.map(({ index }) => index))],
        changes: changes.map(change => changeFacts(change, columns)),
        points,
        seconds: roundTo(seconds, 6),
      };
      add(JSON.stringify(summary));
      handOn();
    },
  };
}

function changeFacts({ column, ...change }: ColumnChange, columns: readonly string[]): object {
  return columns.length > 1 ? { ...change, column: columns[column] } : change;
}
