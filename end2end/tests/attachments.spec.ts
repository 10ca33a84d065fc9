import { readFile } from 'node:fs/promises';
import { accessible, expect, row, signIn, test } from '../fixtures';
import { OtherClient } from '../other_client';

test('what came with a message is looked at in a window of its own', async ({ page, context, javaScriptEnabled }) => {
  await signIn(page, 'anna');
  await row(page, 'Invoice 2026-118').click();
  const link = page.locator('a.attachment', { hasText: '.pdf' });
  await expect(link).toHaveAttribute('href', /\/preview\//);
  await expect(link).toHaveAttribute('target', '_blank');
  await accessible(page, javaScriptEnabled);
  const answer = await page.request.get((await link.getAttribute('href'))!, {
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(answer.headers()['content-type']).toBe('application/pdf');
  expect(answer.headers()['content-disposition']).toMatch(/^inline;/);
  expect(answer.headers()['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  expect(answer.headers()['x-content-type-options']).toBe('nosniff');

  // By the keyboard: to look at it, and to save it.
  await link.focus();
  await page.keyboard.press('Tab');
  await expect(page.locator('.attachment-save', { hasText: '.pdf' })).toBeFocused();
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await readFile(await (await download).path())).subarray(0, 5).toString()).toBe('%PDF-');
  expect(context.pages()).toHaveLength(1);
});

test('the list of attachments is no wider than a telephone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, 'anna');
  await row(page, 'Invoice 2026-118').click();
  await expect(page.locator('.attachment').first()).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(wide).toBe(false);
  const box = await page.locator('.attachment-save').first().boundingBox();
  expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(24);
});

test('a message that is attached to another is opened as one, and leads back', async ({ page, javaScriptEnabled }) => {
  const address = `attached-${Date.now()}-${Math.floor(Math.random() * 1e9)}@test.test`;
  const password = process.env.PENNYPOST_TEST_PASSWORD!;
  const other = await OtherClient.signIn(address, password);
  await other.run('APPEND INBOX', FORWARDED);
  await page.goto('/');
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await row(page, 'Fwd: The contract').click();
  await page.locator('a.attachment', { hasText: '.eml' }).click();
  await expect(page).toHaveURL(/\/mail\/me\/INBOX\/\d+\.\d+\/\d/);
  await expect(page.locator('.notice')).toContainText('came attached to another');
  await expect(page.locator('.message-text')).toContainText('Signed, at last.');
  await accessible(page, javaScriptEnabled);
  await page.getByRole('link', { name: 'Open the other message' }).click();
  await expect(page.getByRole('heading', { name: 'Fwd: The contract' })).toBeVisible();
});

const FORWARDED = [
  'From: Ben <ben@demo.test>', 'Subject: Fwd: The contract', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b',
  '', '--b', 'Content-Type: text/plain', '', 'Have a look.', '--b', 'Content-Type: message/rfc822', '',
  'From: Clara <clara@elsewhere.test>', 'Subject: The contract', 'Content-Type: text/plain', '', 'Signed, at last.', '--b--', '',
].join('\r\n');
