// Pictures of the letters in the demo's mailbox "Gallery", wide and on a phone, light and dark, in PENNYPOST_PICTURES.
// `cargo xtask screenshots` runs it.
import { mkdir, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { LAUNCH } from './launch.mjs';

const url = process.env.PENNYPOST_URL;
const folder = process.env.PENNYPOST_PICTURES;
const [anna] = JSON.parse(process.env.PENNYPOST_ACCOUNTS);

const screens = [
  { name: 'wide', viewport: { width: 1280, height: 800 } },
  { name: 'phone', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
];
// From the newest.
const letters = ['shop', 'digest', 'invoice', 'parcel', 'ticket', 'event', 'forge', 'alert', 'office', 'club'];

await mkdir(folder, { recursive: true });
const browser = await chromium.launch(LAUNCH);
for (const { name: screen, ...options } of screens) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ ...options, colorScheme, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await page.goto(url);
    await page.getByLabel('E-mail address').fill(anna.address);
    await page.getByLabel('Password').fill(anna.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/mail\/me\/INBOX/);
    await page.goto(`${url}/mail/me/Gallery`);
    const rows = await page.locator('.rows .row[href]').evaluateAll((rows) => rows.map((row) => row.getAttribute('href')));
    if (rows.length !== letters.length) throw new Error(`the gallery has ${rows.length} letters`);
    for (const [index, letter] of letters.entries()) {
      await page.goto(url + rows[index]);
      await page.waitForFunction(() => document.documentElement.dataset.ready !== undefined);
      await page.waitForTimeout(300);
      const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 60 });
      await writeFile(`${folder}/${letter}-${screen}-${colorScheme}.webp`, Buffer.from(data, 'base64'));
    }
    await context.close();
  }
}
await browser.close();
