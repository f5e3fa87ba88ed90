/**
 * How alarms are counted: those within 3 points of each other are one episode. An episode is right where it begins within so many
 * points of a change (15 for a shift, 1 for a spike, any number for a drift, which goes on); a change without one is missed.
 */
export interface Change {
  at: number;
  within: number;
}

export interface Alarm {
  index: number;
  confidence: number;
}

export interface Episode {
  first: number;
  last: number;
  confidence: number;
}

export interface Counts {
  right: number;
  wrong: number;
  missed: number;
  points: number;
  /** Changes that were found. */
  found: number;
}

const TOGETHER = 3;

export function episodesOf(alarms: readonly Alarm[]): Episode[] {
  const episodes: Episode[] = [];
  for (const { index, confidence } of alarms) {
    const last = episodes.at(-1);
    if (last === undefined || index - last.last > TOGETHER)
      episodes.push({ first: index, last: index, confidence });
    else {
      last.last = index;
      last.confidence = Math.max(last.confidence, confidence);
    }
  }
  return episodes;
}

export function isRight({ first, last }: Episode, changes: readonly Change[]): boolean {
  return changes.some(({ at, within }) => last >= at && first <= at + within);
}

export function countsOf(episodes: readonly Episode[], changes: readonly Change[], points: number): Counts {
  const right = episodes.filter(episode => isRight(episode, changes)).length;
  const found = changes.filter(change => episodes.some(episode => isRight(episode, [change]))).length;
  return { right, wrong: episodes.length - right, missed: changes.length - found, points, found };
}

export function sumOf(counts: readonly Counts[]): Counts {
  const sum: Counts = { right: 0, wrong: 0, missed: 0, points: 0, found: 0 };
  for (const each of counts) {
    for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += each[key];
  }
  return sum;
}

/** Of the changes, the part that was found; null where there are none. */
export function recallOf({ found, missed }: Counts): number | null {
  return found + missed === 0 ? null : found / (found + missed);
}

export function falsePer100({ wrong, points }: Counts): number {
  return (100 * wrong) / points;
}

export function f1Of({ found, wrong, missed }: Counts): number {
  return (2 * found) / (2 * found + wrong + missed);
}
