import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

const place = PLACES.find(existsSync);

/** Why tests that need a browser cannot run here; false where they can. */
export const missingBrowser: string | false =
  place === undefined ? `no chromium at ${PLACES.join(' or ')} (Debian: apt-get install chromium)` : false;

const QUIET = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Debian's Chromium, which asks nobody for anything by itself. Close it. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(place === undefined ? {} : { executablePath: place }),
    args: QUIET,
    timeout: 120_000,
  });
}
