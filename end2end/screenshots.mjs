// Pictures of every page, wide and on a phone, light and dark, in PENNYPOST_PICTURES. `cargo xtask screenshots` runs it.
import { mkdir } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { LAUNCH } from './launch.mjs';

const url = process.env.PENNYPOST_URL;
const folder = process.env.PENNYPOST_PICTURES;
const [anna] = JSON.parse(process.env.PENNYPOST_ACCOUNTS);

const screens = [
  { name: 'wide', viewport: { width: 1280, height: 800 } },
  { name: 'medium', viewport: { width: 900, height: 800 } },
  { name: 'phone', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
];

await mkdir(folder, { recursive: true });
const browser = await chromium.launch(LAUNCH);
for (const screen of screens) {
  for (const colorScheme of ['light', 'dark']) {
    const { name, ...options } = screen;
    const context = await browser.newContext({ ...options, colorScheme, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
    const page = await context.newPage();
    const shoot = async (what) => {
      await page.waitForFunction(() => document.documentElement.dataset.ready !== undefined);
      // The stream of news never falls silent, so that there is no idle network to wait for.
      await page.waitForTimeout(400);
      await page.screenshot({ path: `${folder}/${what}-${name}-${colorScheme}.png` });
    };
    const open = async (subject) => {
      await page.goto(`${url}/mail/me/INBOX`);
      const row = page.locator('.rows .row', { hasText: subject }).first();
      await page.goto(url + (await row.getAttribute('href')));
    };
    await page.goto(url);
    await shoot('sign-in');
    await page.getByLabel('E-mail address').fill(anna.address);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await shoot('sign-in-refused');
    await page.getByLabel('Password').fill(anna.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/mail\/me\/INBOX/);
    await shoot('inbox');
    await open('Lunch on Thursday?');
    await shoot('plain');
    await open('The November roast list');
    await shoot('newsletter');
    await open('Invoice 2026-118');
    await shoot('attachment');
    await page.goto(`${url}/mail/me/INBOX#mailboxes`);
    await shoot('mailboxes');
    await page.goto(`${url}/write`);
    await page.getByLabel('Subject').fill('A walk on Sunday');
    await page.getByLabel('Text of the message').fill('Shall we? At ten, where the path begins.');
    await page.getByText('Saved at').waitFor();
    await shoot('write');
    await page.goto(`${url}/settings/security`);
    await shoot('security');
    await page.goto(`${url}/mail/me/No~20such~20folder`);
    await shoot('gone');
    await page.goto(`${url}/nowhere`);
    await shoot('nowhere');
    await context.close();
  }
}
await browser.close();
