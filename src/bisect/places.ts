/** Neighbouring commits that can be run: the change came with one behind `before`, up to `after`. */
export interface Gap {
  before: number;
  after: number;
  probability: number;
}

/**
 * The gaps between commits that can be run. What lies inside a gap cannot be run, so no run can tell its commits apart.
 *
 * @param probabilities by place, of the change having come with it
 * @param isUsable whether the commit at a place can be run; the first and the last always can
 */
export function gapsOf(probabilities: ArrayLike<number>, isUsable: (place: number) => boolean): Gap[] {
  const gaps: Gap[] = [];
  let [before, probability] = [0, 0];
  for (let place = 1; place < probabilities.length; place++) {
    probability += probabilities[place] ?? 0;
    if (place < probabilities.length - 1 && !isUsable(place)) continue;
    gaps.push({ before, after: place, probability });
    [before, probability] = [place, 0];
  }
  return gaps;
}

/** The likeliest gap. */
export function likeliest(gaps: readonly Gap[]): Gap {
  return gaps.reduce((best, gap) => (gap.probability > best.probability ? gap : best));
}

/**
 * The commit whose run tells most: the one for which it is most open whether the change came before it. Null where no commit between
 * the ends can be run.
 */
export function mostTelling(gaps: readonly Gap[]): number | null {
  let [sum, least, best]: [number, number, number | null] = [0, Number.POSITIVE_INFINITY, null];
  for (const { after, probability } of gaps.slice(0, -1)) {
    sum += probability;
    const distance = Math.abs(sum - 0.5);
    if (distance < least) [least, best] = [distance, after];
  }
  return best;
}

/** The fewest neighbouring gaps around the likeliest one that hold the change with this probability. */
export function credibleRange(gaps: readonly Gap[], probability: number): Gap {
  let [first, last] = [gaps.indexOf(likeliest(gaps)), gaps.indexOf(likeliest(gaps))];
  let sum = gaps[first]?.probability ?? 0;
  while (sum < probability && (first > 0 || last < gaps.length - 1)) {
    const [left, right] = [gaps[first - 1]?.probability ?? -1, gaps[last + 1]?.probability ?? -1];
    if (left > right) first--;
    else last++;
    sum += Math.max(left, right);
  }
  return { before: gaps[first]?.before ?? 0, after: gaps[last]?.after ?? 0, probability: Math.min(sum, 1) };
}
