/** ` (did you mean "runAtStart"?)` where one of the known words is near to the given one, else an empty text. */
export function didYouMean(given: string, known: readonly string[]): string {
  const nearest = nearestWord(given, known);
  return nearest === null ? '' : ` (did you mean \`${nearest}\`?)`;
}

const MOST_COMPARED = 200;
const LONGEST = 64;

/**
 * The known word with the fewest typing errors, at most 2 and at most a third of its letters; null where none is near. Upper
 * case, hyphens and underscores do not count: `kill-grace` is near to `killGrace`. Costs at most 200 short comparisons.
 */
function nearestWord(given: string, known: readonly string[]): string | null {
  if (given.length > LONGEST) return null;
  let nearest: string | null = null;
  let fewest = 3;
  for (const word of known.slice(0, MOST_COMPARED)) {
    const errors = typingErrors(folded(given), folded(word));
    if (errors < fewest && errors <= word.length / 3) {
      nearest = word;
      fewest = errors;
    }
  }
  return nearest;
}

function folded(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}

/**
 * Levenshtein distance: how many single letters to insert, remove or replace, to get from one word to the other
 * ("kitten" to "sitting": 3). Row by row of the usual table; words that differ in length by over 2 are not compared.
 */
function typingErrors(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
