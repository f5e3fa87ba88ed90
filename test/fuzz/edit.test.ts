import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Settable } from '../../src/config/edit-scalar.ts';
import { editedText } from '../../src/config/edit-text.ts';
import type { Path } from '../../src/config/problems.ts';
import { readYaml } from '../../src/config/yaml.ts';
import { fc } from '../helpers/properties.ts';
import { anyText } from './any-text.ts';
import { holds } from './property.ts';
import { GOOD, NEARLY_GOOD, PATCHED, textOf } from './yaml-text.ts';

const TEXT = fc.oneof(
  fc.tuple(GOOD, fc.nat(4)).map(([tree, style]) => textOf(tree, style)),
  fc.tuple(NEARLY_GOOD, fc.nat(4)).map(([tree, style]) => textOf(tree, style)),
  PATCHED,
);

const KEY = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('a', 'b', 'timeout', 'retries', 'floors', 'runtimeSeconds', 'metrics', 'x y'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '1', 'null', '__proto__', 'constructor', '- a', 'a: b', '#', '<<'),
  },
  { weight: 1, arbitrary: anyText(6) },
);

const PATH: fc.Arbitrary<Path> = fc
  .tuple(
    fc.constantFrom('modules', 'services', 'detection', 'git', 'history', 'stages', 'logs', 'schedule'),
    fc.array(fc.oneof({ weight: 5, arbitrary: KEY }, fc.nat(2)), { maxLength: 4 }),
  )
  .map(([top, rest]) => [top, ...rest]);

const VALUE: fc.Arbitrary<Settable> = fc.oneof(
  fc.constantFrom(
    '1m',
    '90s',
    'every 30s',
    '*/5 * * * *',
    '@hourly',
    'true',
    'null',
    '~',
    '',
    ' x ',
    'a: b',
    'a #b',
    '- a',
    "it's",
    'a\nb',
  ),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  anyText(8),
);

type Data = Record<string, unknown>;

/** The places of a tree at which something other than a mapping or a list stands, by their paths. */
function leaves(data: unknown, path: Path = []): Map<string, unknown> {
  if (typeof data !== 'object' || data === null) return new Map([[JSON.stringify(path), data]]);
  const isList = Array.isArray(data);
  return new Map(
    Object.entries(data as Data).flatMap(([key, value]) => [
      ...leaves(value, [...path, isList ? Number(key) : key]),
    ]),
  );
}

/** What of the first text is not in the second, which has other text in one place. */
function removedBetween(before: string, after: string): string {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = before.length;
  for (
    let other = after.length;
    end > start && other > start && before[end - 1] === after[other - 1];
    other -= 1
  )
    end -= 1;
  return before.slice(start, end);
}

/** Leaves of a tree that holds an empty mapping or list say nothing of it: it is one as well. */
function check(text: string, path: Path, value: Settable): boolean {
  const edited = editedText(text, path, value);
  if (edited === null) return false;
  const [before, after] = [readYaml(text), readYaml(edited)];
  assert.deepEqual(after.problems, []);
  const [old, now] = [leaves(before.value), leaves(after.value)];
  const key = JSON.stringify(path);
  assert.ok(now.has(key), 'it is there');
  const got = now.get(key);
  assert.ok(Object.is(got, value), `${JSON.stringify(got)} is what was asked for`);
  for (const [place, was] of old) {
    const isAbove = was === null && key.startsWith(place.slice(0, -1));
    if (place !== key && !isAbove) assert.ok(Object.is(now.get(place), was), `${place} is as before`);
  }
  for (const place of now.keys()) assert.ok(place === key || old.has(place), `${place} is new`);
  // Where nothing stood, every byte is there still; empty braces and `null` make room for what comes into them.
  if (!old.has(key))
    assert.ok(
      removedBetween(text, edited).length <= 100 && /^[{}\snull~]*$/.test(removedBetween(text, edited)),
    );
  return true;
}

test('an edit changes one value, or is refused', async t => {
  let done = 0;
  await holds(
    t,
    fc.tuple(TEXT, PATH, VALUE),
    ([text, path, value]) => {
      if (check(text, path, value)) done += 1;
    },
    { share: 0.15 },
  );
  assert.ok(done > 0, 'some are done');
});

test('a value that is there is changed where it stands: what is before and after it stays', async t => {
  await holds(
    t,
    fc.tuple(GOOD, fc.nat(4), fc.nat(), VALUE),
    ([tree, style, at, value]) => {
      const text = textOf(tree, style);
      const places = [...leaves(readYaml(text).value).keys()];
      const path = JSON.parse(places[at % places.length] ?? '[]') as Path;
      check(text, path, value);
    },
    { share: 0.15 },
  );
});
