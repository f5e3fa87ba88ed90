import type { RowVerdict } from '../detect/replay.ts';
import type { Row } from '../series/series.ts';
import { roundTo } from '../stats/round.ts';
import { numberText, scoreText, shareText, shortText } from './number-text.ts';

/**
 * The verdict on one point as a line of JSON. It is put together by hand: `detect --json` spends a good part of its time with it,
 * and so the parts that are the same in most lines are made only once.
 *
 * @param columns the names of the columns of the series; with more than one the line says which one it speaks of
 */
export function pointLine(
  index: number,
  { time, values }: Row,
  verdict: RowVerdict,
  columns: readonly string[],
): string {
  const subject =
    columns.length > 1
      ? `${JSON.stringify(values)},"column":${JSON.stringify(columns[verdict.column])}`
      : numberText(values[0] ?? null);
  const judged = `"score":${scoreText(verdict.score)},"confidence":${shareText(verdict.confidence)}`;
  const event = verdict.event ? eventFacts(index, verdict) : NO_EVENT;
  const expected = `"expected":${rangeText(verdict.expected)},"votes":${votesText(verdict.votes)}`;
  const timeText = typeof time === 'number' ? numberText(time) : JSON.stringify(time);
  return `{"index":${index},"time":${timeText},"value":${subject},${judged},${event},${expected}}`;
}

const NO_EVENT = '"event":null,"kind":null,"start":null,"sizePercent":null,"direction":null,"severity":null';

/** Events are rare: they may take their time. */
function eventFacts(index: number, verdict: RowVerdict): string {
  const { kind, beganAgo, sizePercent, direction, severity } = verdict;
  const facts = {
    event: 'anomaly',
    kind,
    start: beganAgo === null ? null : index - beganAgo,
    sizePercent: sizePercent === null ? null : roundTo(sizePercent, 2),
    direction,
    severity,
  };
  return JSON.stringify(facts).slice(1, -1);
}

/** Six digits: more is not known of a range, and takes longer to write than to find out. */
function rangeText(range: RowVerdict['expected']): string {
  return range === null ? 'null' : `[${shortText(range[0])},${shortText(range[1])}]`;
}

/** The names are those of the detectors, in which nothing has to be escaped. */
function votesText(votes: RowVerdict['votes']): string {
  let text = '';
  for (const name in votes) {
    const vote = votes[name] ?? null;
    text += (text === '' ? `"${name}":` : furtherLabel(name)) + (vote === null ? 'null' : shareText(vote));
  }
  return `{${text}}`;
}

const FURTHER_LABELS = new Map<string, string>();

function furtherLabel(name: string): string {
  const known = FURTHER_LABELS.get(name);
  if (known !== undefined) return known;
  const label = `,"${name}":`;
  FURTHER_LABELS.set(name, label);
  return label;
}
