/** A commit for a person. */
export interface Commit {
  hash: string;
  /** As short as it is still the only one. */
  short: string;
  subject: string;
  author: string;
  /** ISO 8601, the author's. */
  date: string;
  parents: string[];
}
