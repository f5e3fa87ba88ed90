/**
 * Numbers as JSON has them, each as `String` writes it. `detect --json` writes many, and of most it is known that they have few digits: then a
 * whole number with a point in it takes half the time of finding the shortest text of a double.
 */

/** JSON has no infinity. */
export function numberText(value: number | null): string {
  return Number.isFinite(value) ? String(value) : 'null';
}

const PARTS = 10_000;
/** Most numbers of a line are shares with four decimals: the text of each is made once and kept. */
const SHARES = Array.from({ length: PARTS + 1 }, (_, part) => String(part / PARTS));

/** @param share from 0 to 1, written with four decimals */
export function shareText(share: number): string {
  return SHARES[Math.round(share * PARTS)] ?? 'null';
}

/** @param score from 0 to 1, written with nine decimals */
export function scoreText(score: number): string {
  return decimalText(Math.round(score * 1e9), 9);
}

/** With six digits. */
export function shortText(value: number): string {
  const decimals = 5 - Math.floor(Math.log10(Math.abs(value)));
  if (decimals > 0 && decimals <= MOST_DECIMALS)
    return decimalText(Math.round(value * power(decimals)), decimals);
  const scale = 10 ** decimals;
  const short = Math.round(value * scale) / scale;
  return numberText(Number.isFinite(short) ? short : value);
}

/** From 0.000001 on there is no exponent in the text of a number of six digits. */
const MOST_DECIMALS = 11;
const POWERS = Float64Array.from({ length: MOST_DECIMALS + 1 }, (_, decimals) => 10 ** decimals);

function power(decimals: number): number {
  return POWERS[decimals] as number;
}

/** The least from which on nine decimals have no exponent. */
const FEWEST = 1000;

/** The text of `parts` / 10^decimals, a whole number of at most 15 digits: the decimal point goes where it belongs. */
function decimalText(parts: number, decimals: number): string {
  // `String` leaves out a zero at the end, and has a sign or an exponent.
  if (parts % 10 === 0 || parts < FEWEST) return numberText(parts / power(decimals));
  const digits = String(parts).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
