/** One system call that succeeded, as strace has written it down. */
export interface Call {
  name: string;
  /** As they stand in the log; texts are still encoded (see `textOf`, `bytesOf`). */
  args: string[];
  result: number;
}

/**
 * The arguments with which strace writes what `callsOf` reads: the main thread alone, which does all storage; every text in full
 * and as hexadecimal numbers, so that no text can look like anything else.
 */
export function straceArguments(log: string): string[] {
  return ['-o', log, '-xx', '-s', '1000000000', '-e', `trace=${WATCHED.join(',')}`, '-e', 'signal=none'];
}

/** All with which a file's content or a name can change, and those that say what a descriptor means. */
const WATCHED = [
  ...['open', 'openat', 'openat2', 'creat', 'close', 'dup', 'dup2', 'dup3', 'fcntl', 'lseek', 'mmap'],
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'copy_file_range', 'sendfile', 'splice'],
  ...['truncate', 'ftruncate', 'fallocate', 'fsync', 'fdatasync', 'sync_file_range', 'syncfs', 'sync'],
  ...['rename', 'renameat', 'renameat2', 'unlink', 'unlinkat', 'rmdir', 'mkdir', 'mkdirat'],
  ...['link', 'linkat', 'symlink', 'symlinkat', 'mknod', 'mknodat', 'chdir', 'fchdir'],
];

/** The calls of strace's log that succeeded, in their order. */
export function* callsOf(log: string): Generator<Call> {
  for (const line of lines(log)) {
    const call = callOf(line);
    if (call !== null && call.result >= 0) yield call;
  }
}

/** Text by text: the log may be larger than is good for one `split`. */
function* lines(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end === -1 ? text.length : end);
    start = end === -1 ? text.length : end + 1;
  }
}

function callOf(line: string): Call | null {
  if (line === '' || line.startsWith('+++') || line.startsWith('---')) return null;
  const open = line.indexOf('(');
  const close = line.lastIndexOf(') ');
  const result = /^\) += (0x[0-9a-f]+|-?\d+|\?)/.exec(line.slice(close));
  if (open < 1 || result === null)
    throw new Error(`a line of strace that is not understood: ${line.slice(0, 200)}`);
  return {
    name: line.slice(0, open),
    args: argsOf(line.slice(open + 1, close)),
    result: Number(result[1] ?? -1),
  };
}

/** Commas separate arguments where they do not stand inside a list or a structure; texts hold none. */
function argsOf(text: string): string[] {
  const args: string[] = [];
  let [start, depth] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (char === '"') index = text.indexOf('"', index + 1);
    else if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    else if (char === ',' && depth === 0) {
      args.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  return [...args, text.slice(start).trim()].filter(arg => arg !== '');
}

/** @throws where strace has cut the text off */
export function bytesOf(argument: string | undefined): Buffer {
  const text = /^"((?:\\x[0-9a-f]{2})*)"$/.exec(argument ?? '')?.[1];
  if (text === undefined) throw new Error(`not a whole text: ${argument?.slice(0, 100)}`);
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

/** The pieces of a `writev`, joined. */
export function vectorOf(argument: string | undefined): Buffer {
  const pieces = (argument ?? '').match(/iov_base="[^"]*"(?:\.\.\.)?/g) ?? [];
  return Buffer.concat(pieces.map(piece => bytesOf(piece.slice('iov_base='.length))));
}

export function textOf(argument: string | undefined): string {
  return bytesOf(argument).toString('utf8');
}
