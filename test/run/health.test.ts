import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { checkHealth } from '../../src/run/health.ts';
import { failOnLeaks } from '../helpers/leaks.ts';

failOnLeaks();

/** Asks a service that answers so; a short limit where it is meant to run out. */
async function asked(
  answer: RequestListener,
  timeoutMs = 20_000,
  signal?: AbortSignal,
): Promise<string | null> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health?token=hidden`;
  try {
    return await checkHealth({ url, timeoutMs }, signal ?? new AbortController().signal);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

test('a 2xx answer is healthy', async () => {
  assert.equal(await asked((_request, response) => response.end('fine')), null);
  assert.equal(await asked((_request, response) => response.writeHead(204).end()), null);
});

test('any other status is not, and a redirect is not followed', async () => {
  for (const status of [302, 404, 500, 503]) {
    const problem = await asked((request, response) => {
      assert.equal(request.url, '/health?token=hidden');
      response.writeHead(status, { location: 'http://127.0.0.1:2/' }).end();
    });
    assert.equal(problem, `the health check was answered with ${status}`);
  }
});

test('no answer in time is a problem, also where only the end of it is missing', async () => {
  assert.equal(await asked(() => {}, 50), 'no answer to the health check in 0.05 s');
  assert.match(
    (await asked((_request, response) => void response.write('so far'), 300)) ?? '',
    /no answer .* in 0\.3 s/,
  );
});

test('a connection that breaks, or is refused, is a problem', async () => {
  assert.match((await asked(request => request.socket.destroy())) ?? '', /health check failed/);
  const broken = await asked((_request, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('half');
    setTimeout(() => response.destroy(), 20);
  });
  assert.match(broken ?? '', /health check failed/);
  const check = { url: 'http://127.0.0.1:2/', timeoutMs: 20_000 };
  assert.match((await checkHealth(check, new AbortController().signal)) ?? '', /nothing listens there/);
});

test('an answer without an end is judged by its status', async () => {
  const piece = 'x'.repeat(100_000);
  const problem = await asked((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
  });
  assert.equal(problem, null);
});

test('a question that is given up ends at once', async () => {
  const giveUp = new AbortController();
  const answered = asked(() => giveUp.abort(), 20_000, giveUp.signal);
  assert.match((await answered) ?? '', /health check failed/);
});

test('no problem shows what stands in the address beside the host', async () => {
  const canary = 'c4nary-of-a-secret';
  const told = async (url: string): Promise<string> =>
    (await checkHealth({ url, timeoutMs: 20_000 }, new AbortController().signal)) ?? '';
  for (const url of [
    `http://user:${canary}@127.0.0.1:2/${canary}?token=${canary}`,
    `http://user:${canary}%@127.0.0.1:2/`,
    `http://user:${canary}@[/`,
    `https://user:${canary}@nowhere.invalid/?token=${canary}`,
    `ftp://user:${canary}@127.0.0.1/`,
  ]) {
    const problem = await told(url);
    assert.match(problem, /^the health check /);
    assert.doesNotMatch(problem, new RegExp(canary));
  }
});

test('what is no address is a problem, never an exception', async (t: TestContext) => {
  const check = { url: 'http://', timeoutMs: 100 };
  t.assert.match((await checkHealth(check, new AbortController().signal)) ?? '', /health check failed/);
});
