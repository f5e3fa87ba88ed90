/**
 * The file as it was given, read with tolerance: the checks across keys run on it also where single keys are wrong, so that
 * all problems come together.
 */
export interface Draft {
  given: Raw;
  modules: ReadonlyMap<string, Raw>;
  services: ReadonlyMap<string, Raw>;
}

/** A mapping of the file; it has no prototype, so every property is one that was given. */
export type Raw = Record<string, unknown>;

export function draftOf(value: unknown): Draft {
  const given = rawOf(value);
  return { given, modules: entries(given['modules']), services: entries(given['services']) };
}

/** The mapping that a value is; an empty one where it is none. */
export function rawOf(value: unknown): Raw {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMapping ? (value as Raw) : Object.create(null);
}

/** The texts of a list with their positions; none where the value is no list. */
export function textsOf(value: unknown): [number, string][] {
  if (!Array.isArray(value)) return [];
  return [...value.entries()].filter((entry): entry is [number, string] => typeof entry[1] === 'string');
}

function entries(value: unknown): Map<string, Raw> {
  return new Map(Object.entries(rawOf(value)).map(([name, raw]) => [name, rawOf(raw)]));
}

/** Modules and services alike, each with its path. */
export function* commandsOf(draft: Draft): Generator<{ path: [string, string]; raw: Raw }> {
  for (const [name, raw] of draft.modules) yield { path: ['modules', name], raw };
  for (const [name, raw] of draft.services) yield { path: ['services', name], raw };
}
