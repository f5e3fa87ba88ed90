/** The oldest Node that runs our files, by its first number; and whether this one is too old. In a file that any Node can read. */
export const OLDEST_MAJOR = 24;

export const isTooOld = Number(process.versions.node.split('.')[0]) < OLDEST_MAJOR;
