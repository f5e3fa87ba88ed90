import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedObject } from './draft.ts';
import { textOf } from './files.ts';
import { replaceText } from './notes.ts';
import type { Location } from './place.ts';
import { makePrivateFolder, privateFolder } from './private-folder.ts';

/**
 * The objects that commits of ours have added since the last packing, a line `OID PATH` each: so that packing touches
 * what is ours and nothing else, and need not look for it in the history. Where it is lost, they stay as they are.
 */
export function noteObjects(place: Location, objects: readonly NamedObject[]): void {
  makePrivateFolder(place);
  const lines = objects.map(({ oid, path }) => `${oid} ${path.replaceAll('\n', ' ')}\n`);
  appendFileSync(pathIn(place), lines.join(''), { mode: 0o600 });
}

/**
 * The objects by their ids, with the paths that they had; whatever else stands in the file is passed over. None where it cannot
 * be read: then nothing is packed.
 */
export function readNotedObjects(place: Location): Map<string, string> {
  const lines = (textOf(pathIn(place)) ?? '').matchAll(/^([0-9a-f]{40}(?:[0-9a-f]{24})?) (.*)$/gm);
  return new Map([...lines].map(([, oid = '', path = '']) => [oid, path]));
}

/** Forgets these; what was noted since stays. */
export function forgetObjects(place: Location, oids: ReadonlySet<string>): void {
  const kept = [...readNotedObjects(place)].filter(([oid]) => !oids.has(oid));
  replaceText(pathIn(place), kept.map(([oid, path]) => `${oid} ${path}\n`).join(''));
}

function pathIn(place: Location): string {
  return join(privateFolder(place), 'unpacked');
}
