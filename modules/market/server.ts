import { once } from 'node:events';
import type { Server } from 'node:http';
import { Problem } from '../run.ts';

/** A client that will not let go is cut off after this time, so that a stop is quick. */
const CLOSE_MS = 1000;

/**
 * Listens on this machine only and ends cleanly on SIGTERM and SIGINT: requests under way are answered, new ones are
 * not taken. Throws a Problem for a port that is in use.
 *
 * @param port 0: any free port
 * @returns the address, such as http://127.0.0.1:4010
 */
export async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explained(error, port);
  }
  process.once('SIGTERM', () => close(server)).once('SIGINT', () => close(server));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`;
}

function close(server: Server): void {
  server.close();
  setTimeout(() => server.closeAllConnections(), CLOSE_MS).unref();
}

function explained(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') {
    return new Problem(
      `port ${port} is in use: end the program that has it, or choose another with MARKET_FEED_PORT (and MARKET_API_URL for the collector)`,
    );
  }
  if (code === 'EACCES')
    return new Problem(`port ${port} may not be used by this user: choose one above 1023`);
  return error;
}
