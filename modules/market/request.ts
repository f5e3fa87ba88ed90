import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '../json.ts';
import { messageOf, Problem } from '../run.ts';

const ATTEMPTS = 3;
const FIRST_DELAY_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** What an exchange sent. */
export interface Page {
  rows: unknown[];
  /** The exchange's own clock: ours may be ahead, and would take an open candle for a closed one. */
  nowMs: number;
}

type Answer = { page: Page } | { again: string; waitMs: number | null };

/**
 * Asks an exchange for an array. Asks again, up to three times in all, where it cannot be reached, is overloaded (429)
 * or fails (5xx), and waits as long as it says. Throws a Problem where that does not help or it refuses.
 */
export async function fetchPage(url: URL): Promise<Page> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(url);
    if ('page' in answer) return answer.page;
    if (attempt === ATTEMPTS) throw new Problem(`${answer.again} (tried ${ATTEMPTS} times)`);
    const waitMs = answer.waitMs ?? FIRST_DELAY_MS * 2 ** (attempt - 1);
    if (waitMs > LONGEST_WAIT_MS) {
      throw new Problem(`${answer.again} and asks to wait ${waitMs / 1000} s: collect less often`);
    }
    await sleep(waitMs);
  }
}

async function ask(url: URL): Promise<Answer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    return judge(url.origin, response, await response.text());
  } catch (error) {
    if (error instanceof Problem) throw error;
    const advice = 'is market-feed running? If the market is elsewhere, set MARKET_API_URL';
    return { again: `cannot reach ${url.origin}: ${reason(error)}; ${advice}`, waitMs: null };
  }
}

function judge(origin: string, { status, headers }: Response, body: string): Answer {
  if (status === 429 || status >= 500) {
    return { again: `${origin} answered ${status}`, waitMs: retryAfterMs(headers.get('retry-after')) };
  }
  const content = parseJson(body);
  if (status === 200 && Array.isArray(content)) {
    return { page: { rows: content, nowMs: Date.parse(headers.get('date') ?? '') || Date.now() } };
  }
  const said = refusal(content) ?? body.slice(0, 200);
  throw new Problem(
    `${origin} answered ${status}: ${said}; check MARKET_API_URL, MARKET_SYMBOL and MARKET_INTERVAL`,
  );
}

/** The header in seconds, as exchanges send it; null for none and for its other form, a date. */
function retryAfterMs(header: string | null): number | null {
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1000 : null;
}

/** What an exchange says where it refuses: `{"code":-1121,"msg":"Invalid symbol."}`. */
function refusal(content: unknown): string | null {
  if (typeof content !== 'object' || content === null || !('msg' in content)) return null;
  return `${content.msg}${'code' in content ? ` (code ${content.code})` : ''}`;
}

/** `fetch failed` alone helps nobody: its cause says why. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return messageOf(cause ?? error);
}
