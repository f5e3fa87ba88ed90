import type { Settings } from '../glossary/settings.ts';

/** Where something stands in the configuration: keys, and positions in lists (from 0). */
export type Path = readonly (string | number)[];

/** One thing that is wrong in `watchkeeper.yaml`, or worth a warning. Never holds the value of a variable in `env`. */
export interface Problem {
  /** For example `modules.collector.watch[0]`; empty where the whole file is meant. */
  path: string;
  /** From 1; null where no line can be named. */
  line: number | null;
  /** Reads on after the path, and says the accepted form. */
  message: string;
}

export type Loaded =
  | { ok: true; settings: Settings; warnings: Problem[] }
  | { ok: false; problems: Problem[] };

/** What a check has found, before its line is looked up. */
export interface Finding {
  path: Path;
  message: string;
  /** Whose line is meant, where that is not the path's own. */
  at?: Path;
  /** True: worth a word, but no reason to refuse the file. */
  warning?: boolean;
}

const MOST_SHOWN = 100;
const PLAIN_KEY = /^[A-Za-z0-9_$-]{1,63}$/;

/** For people, one problem a line: `watchkeeper.yaml:12 modules.collector.schedule: must be ...`. */
export function formatProblems(file: string, problems: readonly Problem[]): string {
  return problems
    .map(({ path, line, message }) => {
      const place = line === null ? file : `${file}:${line}`;
      return path === '' ? `${place}: ${message}` : `${place} ${path}: ${message}`;
    })
    .join('\n');
}

/** The same for what is no reason to refuse the file: `warning: watchkeeper.yaml:12 modules.collector.command: holds ...`. */
export function formatWarnings(file: string, warnings: readonly Problem[]): string {
  return warnings.map(warning => `warning: ${formatProblems(file, [warning])}`).join('\n');
}

/** `modules.collector.watch[0]`; a key that is no plain word is quoted: `modules["<img>"]`. */
export function pathText(path: Path): string {
  return path.map(pathPart).join('').replace(/^\./, '');
}

function pathPart(part: string | number): string {
  if (typeof part === 'number') return `[${part}]`;
  return PLAIN_KEY.test(part) ? `.${part}` : `[${quoted(part)}]`;
}

/**
 * A key or a name, fit for a terminal: quoted, without control characters, cut after 40 characters. What follows an equals
 * sign is left out: `env: {TOKEN=secret}` is a slip that makes a key of a secret.
 */
export function quoted(text: string): string {
  const equals = text.indexOf('=');
  const open = equals === -1 ? text : `${text.slice(0, equals + 1)}...`;
  const short = open.length > 40 ? `${open.slice(0, 40)}...` : open;
  return JSON.stringify(short).replace(/[^ -~]/g, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** In the order of the file, each thing once; a list longer than a person would read is cut, and says so. */
export function tidied(problems: Iterable<Problem>): Problem[] {
  const once = new Map<string, Problem>();
  for (const problem of problems) once.set(`${problem.path}\n${problem.line}\n${problem.message}`, problem);
  const sorted = [...once.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (sorted.length <= MOST_SHOWN) return sorted;
  const rest = sorted.length - MOST_SHOWN;
  const more = { path: '', line: null, message: `${rest} more problems are not shown: mend these first` };
  return [...sorted.slice(0, MOST_SHOWN), more];
}
