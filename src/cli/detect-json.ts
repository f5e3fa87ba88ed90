import type { ColumnChange, RowVerdict } from '../detect/replay.ts';
import { roundTo } from '../stats/round.ts';
import type { DetectView } from './detect-view.ts';
import type { TextStream } from './terminal.ts';

/** Lines are handed on in pieces of about this many characters. */
const PIECE = 1 << 16;

/** One JSON document a line: one for each point, and a last one with `"summary": true`. */
export function jsonView(stdout: TextStream, columns: readonly string[]): DetectView {
  const isVector = columns.length > 1;
  let piece = '';
  const line = (fact: object): void => {
    piece += `${JSON.stringify(fact)}\n`;
    if (piece.length < PIECE) return;
    stdout.write(piece);
    piece = '';
  };
  return {
    point: (index, { time, values }, verdict) =>
      line({
        index,
        time,
        value: isVector ? values : (values[0] ?? null),
        ...(isVector ? { column: columns[verdict.column] } : {}),
        ...factsOf(index, verdict),
      }),
    end(changes, points, seconds) {
      line({
        summary: true,
        changePoints: [...new Set(changes.map(({ index }) => index))],
        changes: changes.map(change => changeFacts(change, columns)),
        points,
        seconds: roundTo(seconds, 6),
      });
      stdout.write(piece);
    },
  };
}

function factsOf(index: number, verdict: RowVerdict): object {
  const { score, confidence, event, kind, beganAgo, sizePercent, direction, severity, expected } = verdict;
  return {
    score: roundTo(score, 9),
    confidence: roundTo(confidence, 4),
    event: event ? 'anomaly' : null,
    kind,
    start: beganAgo === null ? null : index - beganAgo,
    sizePercent: sizePercent === null ? null : roundTo(sizePercent, 2),
    direction,
    severity,
    expected,
    votes: roundedVotes(verdict.votes),
  };
}

function roundedVotes(votes: RowVerdict['votes']): RowVerdict['votes'] {
  const rounded: RowVerdict['votes'] = {};
  for (const name in votes) {
    const vote = votes[name] ?? null;
    rounded[name] = vote === null ? null : roundTo(vote, 4);
  }
  return rounded;
}

function changeFacts({ column, ...change }: ColumnChange, columns: readonly string[]): object {
  return columns.length > 1 ? { ...change, column: columns[column] } : change;
}
