/** A thing with a name that comes after the things that it needs, by name. */
export interface Dependent {
  name: string;
  needs: readonly string[];
}

/**
 * The given things in an order in which each comes after all that it needs; where that leaves a choice, the one that was given
 * first comes first. Names that are not among them need nothing. Throws where they need one another in a circle.
 *
 * Cost: O(n * (n + needs)).
 *
 * @example inOrder([{ name: 'b', needs: ['a'] }, { name: 'a', needs: [] }]).map(({ name }) => name) // ['a', 'b']
 */
export function inOrder<T extends Dependent>(things: readonly T[]): T[] {
  const waiting = new Map(things.map(thing => [thing.name, thing]));
  const ordered: T[] = [];
  while (waiting.size > 0) {
    const next = waiting.values().find(({ needs }) => !needs.some(name => waiting.has(name)));
    if (next === undefined)
      throw new Error(`after one another in a circle: ${[...waiting.keys()].join(', ')}`);
    waiting.delete(next.name);
    ordered.push(next);
  }
  return ordered;
}
