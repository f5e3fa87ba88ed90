/** What YAML is made of, sign by sign. */
export const YAML_SIGNS: readonly string[] = [
  ...['\n', '\r', '\t', ' ', '  ', ': ', '- ', '? ', '{', '}', '[', ']', ',', '"', "'", '#', '|', '>'],
];
