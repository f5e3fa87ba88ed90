/**
 * Labels as one text that is the same for the same labels, in whatever order they came: JSON with sorted keys.
 *
 * @example labelsKey({ b: '2', a: '1' }) // '{"a":"1","b":"2"}'
 */
export function labelsKey(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels);
  if (names.length === 0) return '{}';
  const pairs = names.sort().map(name => `${JSON.stringify(name)}:${JSON.stringify(labels[name])}`);
  return `{${pairs.join(',')}}`;
}
