/**
 * The id of the incident that a run opens in a metric: shaped as a ULID, the same whenever it is worked out again.
 *
 * Its time part is that of the run's id, so that incidents sort by the runs that opened them; the other 80 bits are a hash of
 * run id and metric, so that a run that is judged again (after a crash, or from a restored history) names the same incident.
 * A run id that does not begin as a ULID does gets the time part of 1970.
 *
 * @example incidentIdOf('01JD0000000000000000000000', 'runtimeSeconds') // '01JD000000' and 16 more characters
 */
export function incidentIdOf(runId: string, metric: string): string {
  const time = /^[0-7][0-9A-HJKMNP-TV-Z]{9}/.exec(runId)?.[0] ?? '0'.repeat(10);
  return time + base32(mixTo80(fnv1a128(`${runId}\n${metric}`)));
}

const FNV_OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const FNV_PRIME = 0x1000000000000000000013bn;

/**
 * FNV-1a with 128 bits, of the text's UTF-8 bytes. Not for secrets.
 *
 * Cost: O(length). Source: RFC 9923, The FNV Non-Cryptographic Hash Algorithm.
 *
 * @example fnv1a128('a').toString(16) // 'd228cb696f1a8caf78912b704e4a8964'
 */
export function fnv1a128(text: string): bigint {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return hash;
}

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/**
 * 80 well mixed bits of the hash: FNV leaves texts that differ only near their end with much the same bits, so each
 * half is spread over the other twice. The multiplier is that of the PCG generators (O'Neill, 2014).
 */
function mixTo80(hash: bigint): bigint {
  const once = BigInt.asUintN(128, (hash ^ (hash >> 64n)) * MULTIPLIER);
  const twice = BigInt.asUintN(128, (once ^ (once >> 64n)) * MULTIPLIER);
  return twice >> 48n;
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function base32(bits80: bigint): string {
  return Array.from({ length: 16 }, (_, index) =>
    CROCKFORD.charAt(Number((bits80 >> BigInt(75 - 5 * index)) & 31n)),
  ).join('');
}
