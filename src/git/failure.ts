/** Git did not do what it should: caught where a commit or a revision begins, never seen outside this folder. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
}
