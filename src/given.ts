type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Of some settings those that were given: what is left out has its default. */
export function given<T extends object>(settings: T): Given<T> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Given<T>;
}
