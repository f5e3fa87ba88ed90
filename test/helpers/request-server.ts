import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface RequestServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Plays the far side of the network: `/ok` and any other path answer at once, `/missing` 404, `/failing` 503,
 * `/empty` 204, `/redirect` leads to `/ok`, `/drip` takes 100 ms for its body, `/cut` breaks off inside it,
 * `/endless/...` never ends it, `/never` never answers.
 */
export async function startRequestServer(tls?: { key: string; cert: string }): Promise<RequestServer> {
  const server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, close: () => close(server) };
}

const answer: RequestListener = (request, response) => {
  const path = (request.url ?? '').split('?')[0] ?? '';
  request.resume();
  if (path === '/never') return;
  if (path === '/redirect') return void response.writeHead(302, { location: '/ok' }).end();
  if (path === '/empty') return void response.writeHead(204).end();
  if (path === '/missing' || path === '/failing') response.statusCode = path === '/missing' ? 404 : 503;
  // So little that all of it has left before the cut.
  response.write('x'.repeat(path === '/cut' ? 1_000 : 200_000));
  if (path === '/cut') setTimeout(() => response.destroy(), 30);
  else if (path === '/drip') setTimeout(() => response.end('end'), 100);
  else if (!path.startsWith('/endless/')) response.end();
};

async function close(server: Pick<Server, 'close' | 'closeAllConnections'>): Promise<void> {
  const closed = new Promise<void>(resolve => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await closed;
}
