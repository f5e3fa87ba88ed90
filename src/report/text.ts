/** Longest text of somebody else's that a report shows; a log has the rest. */
const LONGEST = 300;

/** Characters that are not seen, or that turn the direction of what follows: a hostile name must not disguise a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A text of somebody else's, on one line, well-formed, within bounds, without signs that are not seen. */
export function shown(text: string, longest = LONGEST): string {
  const line = text
    .slice(0, 4 * longest)
    .toWellFormed()
    .replace(UNSEEN, '\ufffd')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
}
