import { visibleText } from '../run/log-text.ts';

/** A text that may hold what others have written (an argument, a path, a file's content), fit for a terminal: `\x1b` for ESC. */
export function plain(text: string): string {
  return visibleText(Buffer.from(text));
}
