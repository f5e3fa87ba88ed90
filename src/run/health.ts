import type { IncomingMessage } from 'node:http';
import { messageOf, systemErrorCode } from '../errors.ts';
import type { HealthCheck } from '../glossary/settings.ts';

/** Of an answer no more is read; its status stands by then. */
const MAX_BODY_BYTES = 2 ** 20;

/**
 * Asks a service once whether it is well: GET, healthy with a 2xx status whose whole answer comes within the time
 * limit. A redirect is not followed: it says nothing of this service. Leaves no connection open.
 *
 * @param signal gives the question up early
 * @returns null when healthy, otherwise what is wrong, in words; never rejects
 */
export async function checkHealth(
  check: Pick<HealthCheck, 'url' | 'timeoutMs'>,
  signal: AbortSignal,
): Promise<string | null> {
  // Not `AbortSignal.timeout`: its timer would wake the process up long after the answer.
  const end = new AbortController();
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    end.abort();
  }, check.timeoutMs);
  const giveUp = (): void => end.abort();
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const status = await request(check.url, end.signal);
    return status >= 200 && status < 300 ? null : `the health check was answered with ${status}`;
  } catch (error) {
    return isLate ? `no answer to the health check in ${check.timeoutMs / 1000} s` : problemOf(error);
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', giveUp);
  }
}

async function request(url: string, signal: AbortSignal): Promise<number> {
  // Loaded where a service has a health check: it is a fifth of what a start of ours loads.
  const { get } = await (url.startsWith('https:') ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    // Without an agent: a connection that is kept would hide that the service takes no new ones.
    const asked = get(url, { agent: false, signal, headers: { 'user-agent': 'watchkeeper' } });
    asked.on('error', reject);
    asked.on('response', response => {
      readStatus(response).then(resolve, reject);
    });
  });
}

function readStatus(response: IncomingMessage): Promise<number> {
  const status = response.statusCode ?? 0;
  let bytes = 0;
  return new Promise((resolve, reject) => {
    response.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > MAX_BODY_BYTES) response.destroy();
    });
    response.on('error', reject);
    response.on('close', () => resolve(status));
  });
}

function problemOf(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === 'ECONNREFUSED') return 'the health check was refused: nothing listens there';
  // The error of a host with several addresses has no message of its own.
  return `the health check failed: ${messageOf(error) || (code ?? 'unknown error')}`;
}
