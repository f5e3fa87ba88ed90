/** The value of a JSON text; null for a text that is not JSON (and for `null`, which no caller here has a use for). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** One line of JSON for each record. */
export function toJsonLines(records: readonly unknown[]): string {
  return records.map(record => `${JSON.stringify(record)}\n`).join('');
}
