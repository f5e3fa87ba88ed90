/** Parts of a variable's name that say that its value is a secret. */
const SECRET_NAME =
  /secret|token|passw(?:or)?d|passphrase|credential|(?:api|access|private|signing|encryption)_?key|(?:^|_)(?:auth|pwd|pass)(?:_|$)/i;

/** `scheme://user:password@host` and `scheme://token@host`. */
const USER_PART = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\s@]+)@/i;

/** A shorter value is no secret, and would be found all over the output. */
const SHORTEST = 4;

/** What stands alone before the @ is a user's name, or, where it is so long, a token. */
const SHORTEST_TOKEN = 16;

/**
 * The values in a child's environment that must not get into its log, the longest first: those of variables whose names mark
 * them as secrets (`API_TOKEN`, `DB_PASSWORD`), and what stands before the @ of an address. Of a value with several lines (a
 * key in PEM form) each line for itself, because a log has one line at a time.
 */
export function hiddenValues(env: Readonly<Record<string, string>>): string[] {
  const values = Object.entries(env).flatMap(([name, value]) => [
    ...(SECRET_NAME.test(name) ? value.split(/\r?\n/) : []),
    ...inAddress(value),
  ]);
  const unique = new Set(values.map(value => value.trim()).filter(value => value.length >= SHORTEST));
  return [...unique].sort((a, b) => b.length - a.length);
}

/** The whole user part and the password in it, as they are written and as they are meant (%-escapes). */
function inAddress(value: string): string[] {
  const user = USER_PART.exec(value)?.[1];
  if (user === undefined) return [];
  const colon = user.indexOf(':');
  if (colon === -1 && user.length < SHORTEST_TOKEN) return [];
  const password = user.slice(colon + 1);
  return [user, password, unescaped(password)];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that escapes nothing is itself
  }
}

/** The text with each of these values replaced. */
export function withoutHidden(text: string, hidden: readonly string[]): string {
  return hidden.reduce(
    (shown, value) => (shown.includes(value) ? shown.replaceAll(value, '***') : shown),
    text,
  );
}
