/** The form of `MODULE_NAME`, in words. */
export const NAME_FORM =
  'must begin with a small letter and go on with small letters, digits and hyphens, at most 63 characters';

/** Names of variables: what every shell takes, and the dots and hyphens that some programs want. */
export const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,254}$/;

/** A whole branch ref by the rules of `git check-ref-format`. */
export function isBranchRef(ref: string): boolean {
  const match = /^refs\/heads\/(.+)$/.exec(ref);
  if (match === null || ref.length > 200) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git refuses control characters, so they are named
  if (/[\u0000- ~^:?*[\\\u007f]|\.\.|@\{|\/\/|[./]$/.test(ref)) return false;
  return (match[1] ?? '').split('/').every(part => /^[^.-]/.test(part) && !part.endsWith('.lock'));
}

/** A time zone that this Node knows by an IANA name, such as `UTC` or `Europe/Berlin`. */
export function isTimezone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false; // RangeError is how Intl says no
  }
}
