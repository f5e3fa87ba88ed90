import { LineCounter, parseDocument } from 'yaml';
import type { Path } from './problems.ts';
import { dataOf, newReading, type Reading, type YamlProblem } from './yaml-data.ts';
import { syntaxMessage } from './yaml-syntax.ts';

export interface YamlFile {
  /** Plain data; objects have no prototype, so that no key can be mistaken for an inherited one. */
  value: unknown;
  problems: YamlProblem[];
  /** False: the data is not worth a look. */
  usable: boolean;
  /** The line of a path, or of the nearest thing above it that is in the file. */
  lineOf(path: Path): number | null;
}

/** Each costs the parser up to a kilobyte of memory: a file of nothing else would take more than a small machine has. */
const SIGN = /[[\]{},:"'#&*!?%\\]|-\s/g;
const MOST_SIGNS = 200_000;
const CROWDED = `holds more than ${MOST_SIGNS} signs such as : , [ and ": write a simpler file`;

/**
 * Reads one YAML 1.2 document (core schema, no merge keys, no tags of one's own). Done by our own walk rather than by the
 * package's, for linear time on hostile files (its check for equal keys is quadratic), lines for every path, and
 * the text of numbers as it was written, where text is meant.
 */
export function readYaml(text: string): YamlFile {
  if (isCrowded(text)) return unusable([{ path: [], line: null, message: CROWDED }]);
  const counter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false, // they quote the file, and with it secrets
    uniqueKeys: false,
    stringKeys: true,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  const reading = newReading(offset => {
    return offset === undefined ? null : counter.linePos(offset).line || null; // 0: nowhere
  });
  for (const { code, pos } of [...document.errors, ...document.warnings]) {
    const message = syntaxMessage(code);
    reading.problems.push({ path: [], line: reading.lineAt(pos[0]), message });
  }
  if (reading.problems.length > 0) return unusable(reading.problems);
  const value = dataOf(reading, document.contents, []);
  return {
    value,
    problems: reading.problems,
    usable: reading.usable,
    lineOf: path => lineOf(reading, value, path),
  };
}

function isCrowded(text: string): boolean {
  return text.length > MOST_SIGNS && (text.match(SIGN)?.length ?? 0) > MOST_SIGNS;
}

function unusable(problems: YamlProblem[]): YamlFile {
  return { value: null, problems, usable: false, lineOf: () => null };
}

function lineOf(reading: Reading, root: unknown, path: Path): number | null {
  let line: number | null = null;
  let at: unknown = root;
  for (const part of path) {
    if (typeof at !== 'object' || at === null) break;
    const found = reading.lines.get(at)?.get(part);
    if (found === undefined) break;
    line = found;
    at = (at as Record<string | number, unknown>)[part];
  }
  return line;
}
