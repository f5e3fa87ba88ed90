const NEWLINE = 10;

/** A longer line is cut there, and says how many bytes are missing. */
const MAX_LINE_BYTES = 8 * 2 ** 10;

/**
 * Puts the pieces of one output stream together to whole lines. Holds the beginning of one line at most, so an endless
 * line costs no memory: what goes beyond MAX_LINE_BYTES is counted and dropped.
 */
export class LineAssembler {
  #start = Buffer.alloc(0);
  #startBytes = 0;
  #cutBytes = 0;

  /** Takes a piece and gives back what it completes: lines that each end with a newline, none of them too long. */
  push(piece: Buffer): Buffer[] {
    const first = piece.indexOf(NEWLINE);
    if (first < 0) return this.#hold(piece);
    const last = piece.lastIndexOf(NEWLINE);
    const started = this.#startBytes > 0 || this.#cutBytes > 0;
    if (started) this.#hold(piece.subarray(0, first));
    const complete = started ? this.end() : [];
    const whole = piece.subarray(started ? first + 1 : 0, last + 1);
    if (whole.length > 0) complete.push(...cutLongLines(whole));
    this.#hold(piece.subarray(last + 1));
    return complete;
  }

  /** The line that has begun, with the newline that it lacks. */
  end(): Buffer[] {
    const line = cutLine(this.#start.subarray(0, this.#startBytes), this.#cutBytes);
    const begun = this.#startBytes > 0 || this.#cutBytes > 0;
    this.#startBytes = 0;
    this.#cutBytes = 0;
    return begun ? [line] : [];
  }

  #hold(piece: Buffer): Buffer[] {
    if (piece.length > 0 && this.#start.length === 0) this.#start = Buffer.allocUnsafe(MAX_LINE_BYTES);
    const kept = piece.copy(this.#start, this.#startBytes);
    this.#startBytes += kept;
    this.#cutBytes += piece.length - kept;
    return [];
  }
}

/** Lines as they are, in one piece, where none is too long: the common case, found with one look every 8 KB. */
function cutLongLines(lines: Buffer): Buffer[] {
  if (!hasLongLine(lines)) return [lines];
  const cut: Buffer[] = [];
  for (let from = 0, to = 0; from < lines.length; from = to + 1) {
    to = lines.indexOf(NEWLINE, from);
    const kept = lines.subarray(from, Math.min(to, from + MAX_LINE_BYTES));
    cut.push(cutLine(kept, to - from - kept.length));
  }
  return cut;
}

function hasLongLine(lines: Buffer): boolean {
  for (let from = 0; lines.length - from > MAX_LINE_BYTES + 1; ) {
    const newline = lines.lastIndexOf(NEWLINE, from + MAX_LINE_BYTES);
    if (newline < from) return true;
    from = newline + 1;
  }
  return false;
}

function cutLine(kept: Buffer, cutBytes: number): Buffer {
  if (cutBytes === 0) return Buffer.concat([kept, Buffer.of(NEWLINE)]);
  const whole = kept.subarray(0, characterStart(kept));
  const mark = ` [${cutBytes + kept.length - whole.length} bytes cut]\n`;
  return Buffer.concat([whole, Buffer.from(mark)]);
}

/** Where the last, possibly incomplete UTF-8 character begins: a cut there leaves no half of it. */
function characterStart(bytes: Buffer): number {
  for (let back = 1; back <= 4; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}
