/** A way in which a JSON file of ours can be spoilt. */
export interface Spoilt {
  what: string;
  content: Buffer;
}

/** What performance.json and status.json may be found as, made from a good one. */
export function spoiltTexts(good: Buffer): Spoilt[] {
  const text = good.toString('utf8');
  const replaced = (what: string, pattern: RegExp, by: string): Spoilt => {
    const content = text.replace(pattern, by);
    if (content === text) throw new Error(`nothing to be replaced for '${what}'`);
    return { what, content: Buffer.from(content) };
  };
  return [
    { what: 'nothing', content: Buffer.alloc(0) },
    { what: 'a BOM before it', content: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good]) },
    { what: 'UTF-16', content: Buffer.from(`\ufeff${text}`, 'utf16le') },
    { what: 'NUL bytes', content: Buffer.alloc(good.length) },
    { what: 'NUL bytes at its end', content: Buffer.concat([good.subarray(0, -10), Buffer.alloc(10)]) },
    { what: 'an array', content: Buffer.from('[]') },
    { what: 'null', content: Buffer.from('null') },
    { what: 'itself twice', content: Buffer.concat([good, good]) },
    { what: '100,000 brackets', content: Buffer.from('['.repeat(100_000)) },
    {
      what: 'no UTF-8',
      content: Buffer.concat([good.subarray(0, 20), Buffer.from([0xff, 0xfe]), good.subarray(20)]),
    },
    replaced('a version of the future', /"version": ?1/, '"version":99'),
    replaced('a text for its version', /"version": ?1/, '"version":"1"'),
    replaced('1e999', /"iterations?": ?\d+/, '"iteration":1e999'),
    replaced('__proto__', /"version": ?1/, '"__proto__":{"polluted":true},"version":1'),
    replaced('a wrong type', /"updatedAt": ?"[^"]*"/, '"updatedAt":{"a":[1]}'),
  ];
}

/** The file cut at so many places, spread over all of it. */
export function cuts(good: Buffer, count: number): Spoilt[] {
  const step = Math.max(1, Math.floor(good.length / count));
  const places = Array.from({ length: Math.ceil(good.length / step) }, (_, index) => index * step);
  // Without its last newline alone it is as good as whole.
  return places
    .filter(at => at < good.length - 1)
    .map(at => ({ what: `cut at byte ${at}`, content: good.subarray(0, at) }));
}
