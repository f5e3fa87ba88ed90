import assert from 'node:assert/strict';

export interface ReadFamily {
  type: string;
  help: string;
  samples: { labels: Record<string, string>; value: number }[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\\\\\|\\\\"|\\\\n)*)"';
const SAMPLE = new RegExp(
  `^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?(?:\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?))$`,
);
const UNIT =
  /_(?:seconds|per_second|bytes|ratio|total|info|success|open|requests|errors|switches|quality|custom)$/;

/**
 * Reads the text format 0.0.4 of Prometheus, and refuses what a strict reader may refuse: a family that is not in one piece, headed by
 * HELP and TYPE in this order; a sample of another name, or the same one twice; a counter that does not end in `_total`; a last line
 * without its end; times, which the textfile collector takes for an error.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function readExposition(text: string): Map<string, ReadFamily> {
  const families = new Map<string, ReadFamily>();
  if (text === '') return families;
  assert.ok(text.endsWith('\n'), 'the last line has an end');
  const lines = text.slice(0, -1).split('\n');
  for (let index = 0; index < lines.length; ) {
    const { name, family } = headAt(lines, index);
    assert.ok(!families.has(name), `${name} is in one piece`);
    families.set(name, family);
    for (index += 2; index < lines.length && !lines[index]?.startsWith('#'); index += 1) {
      family.samples.push(sampleIn(lines[index] ?? '', name));
    }
    assert.ok(family.samples.length > 0, `${name} has samples`);
    const keys = family.samples.map(({ labels }) => JSON.stringify(Object.entries(labels).sort()));
    assert.equal(new Set(keys).size, keys.length, `${name} has each sample once`);
  }
  return families;
}

function headAt(lines: string[], index: number): { name: string; family: ReadFamily } {
  const [, name = '', help = ''] = new RegExp(`^# HELP (${NAME}) (\\S.*)$`).exec(lines[index] ?? '') ?? [];
  const [, typed = '', type = ''] =
    new RegExp(`^# TYPE (${NAME}) (gauge|counter)$`).exec(lines[index + 1] ?? '') ?? [];
  assert.ok(name !== '' && name === typed, `HELP and TYPE: ${lines[index]} / ${lines[index + 1]}`);
  assert.equal(type === 'counter', name.endsWith('_total'), name);
  assert.match(name, UNIT);
  return { name, family: { type, help, samples: [] } };
}

function sampleIn(line: string, family: string): ReadFamily['samples'][number] {
  const match = SAMPLE.exec(line);
  assert.ok(match !== null && match[1] === family, `no sample of ${family}: ${line}`);
  const pairs = [...(match[2] ?? '').matchAll(new RegExp(LABEL, 'g'))];
  const labels = pairs.map(([, label = '', value = '']) => [label, unescaped(value)] as const);
  assert.equal(new Set(labels.map(([label]) => label)).size, labels.length, line);
  return { labels: Object.fromEntries(labels), value: Number(match.at(-1)) };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}
