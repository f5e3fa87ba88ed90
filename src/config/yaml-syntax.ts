import type { YAMLError } from 'yaml';

/**
 * Our own words for what the parser finds. Its messages quote the file in places, and a line of the file may hold a
 * secret, so only the kind of an error is taken from it.
 */
const MESSAGES: Partial<Record<YAMLError['code'], string>> = {
  BAD_ALIAS: 'a text that begins with * or & must stand in quotes',
  BAD_DQ_ESCAPE: 'an unknown \\ escape in a "..." text: write \\\\ for a backslash, or use \'...\'',
  BAD_INDENT: 'the indentation does not fit the lines around it, or a { or [ above is not closed',
  BAD_SCALAR_START: 'a text that begins with @, ` or % must stand in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " in one line: put the text into quotes',
  BLOCK_IN_FLOW: 'a block inside of [...] or {...}',
  MISSING_CHAR: 'something is missing: an end quote, a ":", a ",", a bracket, or a space',
  MULTILINE_IMPLICIT_KEY: 'a line without "key: ", or a key of more than one line',
  MULTIPLE_DOCS: 'more than one document: remove the "---" between them',
  NON_STRING_KEY: 'a key that is no plain text',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab in the indentation: use spaces',
  TAG_RESOLVE_FAILED: 'a tag (!name) that is not known here: remove it, or put the text into quotes',
  UNEXPECTED_TOKEN: 'a character that cannot stand here: put the text into quotes',
};

/** What to say of a syntax error of this kind. */
export function syntaxMessage(code: YAMLError['code']): string {
  return `is not valid YAML: ${MESSAGES[code] ?? `it cannot be understood here (${code})`}`;
}
