import type { Kline } from './history.ts';

/** What is answered to a request: the HTTP status, and the body to be sent as JSON. */
export interface Answer {
  status: number;
  body: unknown;
}

const DEFAULT_LIMIT = 500;
const LARGEST_LIMIT = 1000;

/** The one market that is offered. */
export interface Offer {
  symbol: string;
  interval: string;
  /** Oldest first. */
  klines: readonly Kline[];
}

/**
 * Answers `GET /api/v3/klines` as the large exchanges do. From `startTime` on, the oldest `limit` klines are sent;
 * without it, the newest ones (up to `endTime`). Errors have their codes and texts, and status 400.
 */
export function answerKlines(query: URLSearchParams, offer: Offer): Answer {
  const wrong = problemOf(query, offer);
  if (wrong !== null) return wrong;
  const startTime = numberIn(query, 'startTime');
  const endTime = numberIn(query, 'endTime') ?? Number.POSITIVE_INFINITY;
  const limit = Math.min(numberIn(query, 'limit') ?? DEFAULT_LIMIT, LARGEST_LIMIT);
  const inRange = offer.klines.filter(([openTime]) => openTime >= (startTime ?? 0) && openTime <= endTime);
  return { status: 200, body: startTime === null ? inRange.slice(-limit) : inRange.slice(0, limit) };
}

function problemOf(query: URLSearchParams, { symbol, interval }: Offer): Answer | null {
  for (const name of ['symbol', 'interval']) {
    const missing = `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;
    if (!query.get(name)) return refusal(-1102, missing);
  }
  return (
    illegal(query, 'symbol', /^[A-Z0-9-_.]{1,20}$/) ??
    ['startTime', 'endTime', 'limit']
      .map(name => illegal(query, name, /^[0-9]{1,20}$/))
      .find(wrong => wrong) ??
    (numberIn(query, 'limit') === 0
      ? refusal(-1130, "Data sent for parameter 'limit' is not valid.")
      : null) ??
    (query.get('interval') === interval ? null : refusal(-1120, 'Invalid interval.')) ??
    (query.get('symbol') === symbol ? null : refusal(-1121, 'Invalid symbol.'))
  );
}

function illegal(query: URLSearchParams, name: string, legal: RegExp): Answer | null {
  const value = query.get(name);
  if (value === null || legal.test(value)) return null;
  return refusal(-1100, `Illegal characters found in parameter '${name}'; legal range is '${legal.source}'.`);
}

function numberIn(query: URLSearchParams, name: string): number | null {
  const value = query.get(name);
  return value === null ? null : Number(value);
}

function refusal(code: number, msg: string): Answer {
  return { status: 400, body: { code, msg } };
}
