const NEWLINE = 10;

/** A line may have so many bytes, its end not counted. */
export const LONGEST_LINE = 8_192;

/** Cuts a stream into lines, and holds no more of it than one line may have. */
export class Lines {
  #rest: Buffer = Buffer.alloc(0);
  /** The line under way is too long: the rest of it is passed over. */
  #passing = false;

  /** The lines that end in this piece; null for each that was too long. */
  push(piece: Buffer): (Buffer | null)[] {
    const lines: (Buffer | null)[] = [];
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, from)) {
      lines.push(this.#whole(piece.subarray(from, end)));
      from = end + 1;
    }
    this.#keep(piece.subarray(from));
    return lines;
  }

  /** What came after the last line end, as a line; none where there is nothing. */
  end(): (Buffer | null)[] {
    if (!this.#passing && this.#rest.length === 0) return [];
    return [this.#whole(Buffer.alloc(0))];
  }

  #whole(last: Buffer): Buffer | null {
    const [rest, passing] = [this.#rest, this.#passing];
    [this.#rest, this.#passing] = [Buffer.alloc(0), false];
    if (passing || rest.length + last.length > LONGEST_LINE) return null;
    return rest.length === 0 ? last : Buffer.concat([rest, last]);
  }

  /** A copy: what is kept must not hold the whole piece. */
  #keep(more: Buffer): void {
    if (this.#passing || more.length === 0) return;
    this.#passing = this.#rest.length + more.length > LONGEST_LINE;
    this.#rest = this.#passing ? Buffer.alloc(0) : Buffer.concat([this.#rest, more]);
  }
}
