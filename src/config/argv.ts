import { parseArgsStringToArgv } from 'string-argv';

type Argument = string | number | boolean;

/**
 * Program and arguments of a command: a list as it is, a text split at its spaces (quotes hold together, nothing is
 * expanded); for a shell the whole text as the one element.
 */
export function argvOf(command: string | readonly Argument[], shell: boolean): string[] {
  if (typeof command !== 'string') return command.map(String);
  return shell ? [command] : parseArgsStringToArgv(command);
}

/** Whether a quote is opened and never closed: the split would take the rest of the text as one argument. */
export function hasOpenQuote(command: string): boolean {
  let open: string | null = null;
  for (const character of command) {
    if (open === null && (character === '"' || character === "'")) open = character;
    else if (character === open) open = null;
  }
  return open !== null;
}
