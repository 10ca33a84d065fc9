import { alive, expect, row, signIn, test } from '../fixtures';

test('once the page lives, opening a message loads no page', async ({ page }) => {
  await signIn(page, 'ben');
  await alive(page);
  await page.evaluate(() => ((window as unknown as { mark: number }).mark = 1));
  const subject = await page.locator('.rows .row .row-what').nth(1).innerText();
  await page.locator('.rows .row').nth(1).click();
  await expect(page.locator('.message-subject')).toHaveText(subject);
  expect(await page.evaluate(() => (window as unknown as { mark?: number }).mark)).toBe(1);
  await page.goBack();
  await expect(page.locator('.message-subject')).toHaveCount(0);
  expect(await page.evaluate(() => (window as unknown as { mark?: number }).mark)).toBe(1);
});

test('an unread message that is opened counts as read at once, here and after a reload', async ({ page }) => {
  await signIn(page, 'chloe');
  await alive(page);
  const inbox = page.locator('.mailbox', { hasText: 'Inbox' }).locator('.mailbox-unseen [aria-hidden]');
  const before = Number(await inbox.innerText());
  const unread = page.locator('.rows .row-unread').first();
  const subject = await unread.locator('.row-what').innerText();
  await unread.click();
  await expect(page.locator('.message-subject')).toHaveText(subject);
  await expect(inbox).toHaveText(String(before - 1));
  await page.reload();
  await expect(inbox).toHaveText(String(before - 1));
  await alive(page);
  await expect(inbox).toHaveText(String(before - 1));
});

test('the title names the folder once the page lives', async ({ page }) => {
  await signIn(page, 'ben');
  await alive(page);
  await expect(page).toHaveTitle(/INBOX – Pennypost/);
});

test('no policy is broken and nothing is styled or scripted inline', async ({ page }) => {
  await signIn(page, 'anna');
  await alive(page);
  await row(page, 'Lunch on Thursday?').click();
  await expect(page.locator('.message-text')).toBeVisible();
  expect(await page.locator('[style]').count()).toBe(0);
  expect(await page.locator('[onclick],[onload],[onerror]').count()).toBe(0);
});
