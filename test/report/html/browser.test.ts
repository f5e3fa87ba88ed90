import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { ReportData } from '../../../src/report/data.ts';
import { htmlReport } from '../../../src/report/html/page.ts';
import { missingBrowser, startBrowser } from '../../helpers/chromium.ts';
import { emptyReport, HOSTILE, hostileReport, oddReport } from '../odd-reports.ts';
import { sampleReport } from '../sample.ts';

/** Reports as a reader sees them: in Chromium, wide and narrow, light and dark, on paper. */

const INSPECT = readFileSync(join(import.meta.dirname, '../../fixtures/report/inspect.js'), 'utf8');
const options = { skip: missingBrowser };
const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-report-'));
let browser: Browser | undefined;

before(async () => {
  if (missingBrowser === false) browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Findings {
  problems: string[];
  charts: number;
  text: string;
}

/** Opens a report, and holds against it whatever it asks for or complains of. */
async function opened(
  data: ReportData,
  context: BrowserContextOptions,
): Promise<{ page: Page; close: (complaints?: string[]) => Promise<void> }> {
  assert.ok(browser !== undefined);
  const file = join(folder, 'report.html');
  writeFileSync(
    file,
    htmlReport(data, text => createHash('sha256').update(text).digest('base64')),
  );
  const own = await browser.newContext(context);
  const page = await own.newPage();
  const events: string[] = [];
  page.on('console', message => events.push(`console: ${message.text()}`));
  page.on('pageerror', error => events.push(`error: ${error.message}`));
  page.on('dialog', dialog => events.push(`dialog: ${dialog.message()}`));
  page.on('request', request => events.push(`request: ${request.url()}`));
  await page.goto(pathToFileURL(file).href);
  const close = async (complaints: string[] = []): Promise<void> => {
    await own.close();
    assert.deepEqual(events, [`request: ${pathToFileURL(file).href}`, ...complaints]);
  };
  return { page, close };
}

async function findings(data: ReportData, context: BrowserContextOptions): Promise<Findings> {
  const { page, close } = await opened(data, context);
  const found = (await page.evaluate(INSPECT)) as Findings;
  await close();
  return found;
}

const DESKTOP = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };

for (const [place, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(
      `on a ${place}, ${colorScheme}: every chart is drawn, nothing is cut, nothing is asked for`,
      options,
      async () => {
        const data = sampleReport({ modules: 4 });
        const { problems, charts } = await findings(data, { ...size, colorScheme });
        assert.deepEqual(problems, []);
        const metrics = [...data.system, ...data.modules.flatMap(module => module.metrics)];
        assert.equal(charts, metrics.length);
      },
    );
  }

  test(`on a ${place}: hostile and very long texts stand for themselves and break`, options, async () => {
    const { problems, text } = await findings(hostileReport(), { ...size });
    assert.deepEqual(problems, []);
    assert.ok(text.includes(HOSTILE));
  });

  test(
    `on a ${place}: one value, constant values, gaps, far outliers, a long time, nothing`,
    options,
    async () => {
      assert.deepEqual((await findings(oddReport(), { ...size })).problems, []);
      const empty = await findings(emptyReport(), { ...size });
      assert.deepEqual(empty.problems, []);
      assert.match(empty.text, /No run in this time/);
    },
  );
}

test('what is wrong with a page is found', options, async () => {
  const { page, close } = await opened(sampleReport({ modules: 1 }), PHONE);
  await page.evaluate(`{
    document.querySelector('.lead').append('w'.repeat(300));
    document.querySelector('.lead').setAttribute('class', 'planted');
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.planted{overflow-wrap:normal}.facts{color:#888}');
    document.adoptedStyleSheets = [sheet];
    const [first, second] = document.querySelectorAll('svg.plot path.line');
    first.setAttribute('d', 'M0 0lNaN 5');
    second.setAttribute('d', 'M0 0l2000 5');
    document.querySelector('caption').remove();
    document.querySelector('h2').remove();
  }`);
  const { problems } = (await page.evaluate(INSPECT)) as Findings;
  const text = problems.join('\n');
  for (const problem of [
    /the page is \d+ wide/,
    /is cut/,
    /a contrast of 3/,
    /is "M0 0lNaN 5"/,
    /leaves its square/,
    /no caption/,
  ])
    assert.match(text, problem);
  await close(['console: Error: <path> attribute d: Expected number, "M0 0lNaN 5".']);
});

test('without scripts everything is there to be read', options, async () => {
  const data = sampleReport({ modules: 2 });
  const { problems, charts } = await findings(data, { ...DESKTOP, javaScriptEnabled: false });
  assert.deepEqual(problems, []);
  assert.equal(charts, 2 + 7);
});

test('a chart is read with the arrow keys, with a pointer and with a finger', options, async () => {
  const { page, close } = await opened(sampleReport({ modules: 1 }), PHONE);
  const plot = page.locator('#m1 svg.plot').first();
  const note = page.locator('#m1 .readout').first();
  assert.equal(await note.isVisible(), false);
  await plot.focus();
  await page.keyboard.press('End');
  assert.match((await note.textContent()) ?? '', /^20 Nov, \d\d:\d\d: 0\.\d+ s$/);
  await page.keyboard.press('Home');
  assert.match((await note.textContent()) ?? '', /^13 Nov, \d\d:\d\d: 0\.\d+ s$/);
  await page.keyboard.press('Escape');
  assert.equal(await note.isVisible(), false);
  await plot.hover({ position: { x: 100, y: 60 } });
  assert.match((await note.textContent()) ?? '', /^1[56] Nov, /);
  await plot.tap({ position: { x: 200, y: 60 } });
  assert.match((await note.textContent()) ?? '', /^1[89] Nov, /);
  await close();
});

test('the table of modules is sorted by a column with the keyboard', options, async () => {
  const { page, close } = await opened(sampleReport({ modules: 4 }), DESKTOP);
  const typical = page.locator('table.modules th', { hasText: 'Typical' });
  const names = (): Promise<string[]> => page.locator('table.modules tbody th').allTextContents();
  await typical.getByRole('button').focus();
  await page.keyboard.press('Enter');
  assert.equal(await typical.getAttribute('aria-sort'), 'ascending');
  assert.deepEqual(await names(), ['signal-generator', 'collector', 'backtester', 'features']);
  await page.keyboard.press('Enter');
  assert.deepEqual(await names(), ['features', 'backtester', 'collector', 'signal-generator']);
  await close();
});

test('on paper a report is light, whatever the screen is', options, async () => {
  const { page, close } = await opened(sampleReport({ modules: 2 }), { ...DESKTOP, colorScheme: 'dark' });
  const ground = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
  assert.equal(await ground(), 'rgb(20, 23, 28)');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await ground(), 'rgb(255, 255, 255)');
  await page.setViewportSize({ width: 690, height: 980 });
  assert.deepEqual(((await page.evaluate(INSPECT)) as Findings).problems, []);
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  await close();
});
