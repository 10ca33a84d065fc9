import { readFile } from 'node:fs/promises';
import { accessible, expect, row, signIn, test } from '../fixtures';

test('a person reads a plain message and goes back', async ({ page, javaScriptEnabled }) => {
  await signIn(page, 'anna');
  await accessible(page, javaScriptEnabled);
  await row(page, 'Lunch on Thursday?').click();
  await expect(page.getByRole('heading', { name: 'Lunch on Thursday?' })).toBeVisible();
  await expect(page.locator('.message-text')).toBeVisible();
  await expect(page.locator('.message-people')).toContainText('@demo.test');
  await accessible(page, javaScriptEnabled);

  await page.goBack();
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);
  await expect(row(page, 'Lunch on Thursday?')).toBeVisible();
  await expect(row(page, 'Lunch on Thursday?')).not.toHaveClass(/row-unread/);
});

test('a newsletter is shown in a frame of its own without asking anyone', async ({ page, javaScriptEnabled }) => {
  await signIn(page, 'anna');
  await row(page, 'The November roast list').click();
  const frame = page.frameLocator('iframe.message-frame');
  await expect(frame.locator('body')).toContainText('roast');
  const element = page.locator('iframe.message-frame');
  await expect(element).toHaveAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
  const source = await element.getAttribute('src');
  const answer = await page.request.get(source!, { headers: { 'sec-fetch-site': 'same-origin' } });
  const policy = answer.headers()['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain('sandbox allow-popups');
  expect(answer.headers()['x-content-type-options']).toBe('nosniff');
  expect(await answer.text()).not.toMatch(/<script|<link|<style[^>]*>[^<]*@import|<img[^>]+src="http/i);
  await accessible(page, javaScriptEnabled);
});

test('an attachment is downloaded under its name', async ({ page, javaScriptEnabled }) => {
  await signIn(page, 'anna');
  await row(page, 'Invoice 2026-118').click();
  const link = page.locator('.attachment-save', { hasText: '.pdf' });
  await expect(link).toBeVisible();
  await accessible(page, javaScriptEnabled);
  const download = page.waitForEvent('download');
  await link.click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.pdf$/);
  expect((await readFile(await file.path())).subarray(0, 5).toString()).toBe('%PDF-');
  const answer = await page.request.get((await link.getAttribute('href'))!, {
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(answer.headers()['content-disposition']).toMatch(/^attachment;/);
  expect(answer.headers()['content-security-policy']).toContain('sandbox');
  expect(answer.headers()['x-content-type-options']).toBe('nosniff');
});

test('every folder opens, whatever its name', async ({ page }) => {
  await signIn(page, 'anna');
  for (const name of ['Reisen & Büro', 'Quotes "and" back\\slash', '日本語']) {
    const href = await page.locator('.mailbox', { hasText: name }).first().getAttribute('href');
    await page.goto(href!);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(page.locator('.failure')).toHaveCount(0);
  }
});

test('older messages are one link away, and newer ones again', async ({ page }) => {
  await signIn(page, 'anna');
  await page.getByRole('link', { name: 'Older messages' }).click();
  await expect(page).toHaveURL(/offset=50/);
  await expect(page.locator('.turns-range')).toContainText('51');
  await page.getByRole('link', { name: 'Newer messages' }).click();
  await expect(page.locator('.turns-range')).toContainText('1–50');
});

test('a mailbox shared by a colleague is there under the name of its account', async ({ page, javaScriptEnabled }) => {
  await signIn(page, 'anna');
  await page.goto('/mail/me/INBOX#mailboxes');
  await accessible(page, javaScriptEnabled);
  // Its INBOX is called by its role: whose it is says the heading.
  const heading = page.locator('.mailboxes-heading', { hasText: 'Shared by support@demo.test' });
  const shared = heading.locator('xpath=following-sibling::ul[1]').locator('.mailbox[href]', { hasText: 'Inbox' });
  const href = await shared.getAttribute('href');
  await page.goto(href!);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Inbox – support@demo.test');
  await expect(page.locator('.rows .row').first()).toBeVisible();
});

test('addresses that lead nowhere say so', async ({ page, javaScriptEnabled }) => {
  await signIn(page, 'anna');
  for (const [path, status, words] of [
    ['/mail/me/No~20such~20folder', 404, 'does not exist'],
    ['/mail/me/INBOX/1.1', 409, 'made anew'],
    ['/mail/me/INBOX/x', 404, 'nothing at this address'],
    ['/nowhere', 404, 'nothing at this address'],
  ] as const) {
    const answer = await page.goto(path);
    expect(answer!.status()).toBe(status);
    await expect(page.getByRole('alert')).toContainText(words);
    await accessible(page, javaScriptEnabled);
  }
});
