// C0 but tab and newline, DEL, C1, the line separators of Unicode, and what turns the direction of writing around:
// all that could move a terminal's cursor, hide text, or pass for a line of the log.
const HIDDEN = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069';
const hasHidden = new RegExp(`[${HIDDEN}]`);
const everyHidden = new RegExp(`[${HIDDEN}]`, 'g');

/**
 * Text that can be shown anywhere: control characters as `\x1b` or `\u202e`, the CR of a CRLF gone. Tabs and newlines
 * stay. Bytes that are not UTF-8 become U+FFFD.
 */
export function visibleText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!hasHidden.test(text)) return text;
  return text.replaceAll('\r\n', '\n').replace(everyHidden, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Puts `prefix` before each of some lines, the last of which ends with a newline too. */
export function prefixLines(prefix: string, lines: string): string {
  const body = lines.slice(0, -1);
  // In a replacement `$` is special.
  return `${prefix}${body.replace(/\n/g, `\n${prefix.replaceAll('$', '$$$$')}`)}\n`;
}
