import type { Page } from '@playwright/test';
import { alive, expect, row, test } from '../fixtures';
import { OtherClient } from '../other_client';

const PASSWORD = process.env.PENNYPOST_TEST_PASSWORD!;

/** Somebody who was never here, with three messages, signed in on the page and in another client. */
async function arrived(page: Page): Promise<OtherClient> {
  const address = `news-${Date.now()}-${Math.floor(Math.random() * 1e9)}@test.test`;
  const other = await OtherClient.signIn(address, PASSWORD);
  for (const subject of ['First', 'Second', 'Third']) await other.append(subject, '\\Seen');
  await page.goto('/');
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(PASSWORD);
  const listening = page.waitForResponse((response) => response.url().includes('/live/me/'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await alive(page);
  await listening;
  await page.evaluate(() => ((window as unknown as { mark: number }).mark = 1));
  return other;
}

const unseen = (page: Page, mailbox: string) =>
  page.locator('.mailbox', { hasText: mailbox }).locator('.mailbox-unseen [aria-hidden]');

test('new mail shows by itself and moves nobody from where they are', async ({ page }) => {
  const other = await arrived(page);
  const focused = row(page, 'Second');
  await focused.focus();
  await other.append('Fourth');
  await expect(row(page, 'Fourth')).toBeVisible();
  await expect(page.locator('.rows .row')).toHaveCount(4);
  await expect(unseen(page, 'Inbox')).toHaveText('1');
  await expect(focused).toBeFocused();
  expect(await page.evaluate(() => (window as unknown as { mark?: number }).mark)).toBe(1);
});

test('flags, removals and moves by another client change the page', async ({ page }) => {
  const other = await arrived(page);
  await other.run('SELECT INBOX');
  await other.run('STORE 2 -FLAGS (\\Seen)');
  await expect(row(page, 'Second')).toHaveClass(/row-unread/);
  await expect(unseen(page, 'Inbox')).toHaveText('1');
  await other.run('STORE 2 +FLAGS (\\Seen \\Flagged)');
  await expect(row(page, 'Second')).not.toHaveClass(/row-unread/);
  await expect(row(page, 'Second').locator('.mark-star')).toBeVisible();
  await expect(unseen(page, 'Inbox')).toHaveCount(0);
  await other.run('STORE 1 +FLAGS (\\Deleted)');
  await other.run('EXPUNGE');
  await expect(page.locator('.rows .row')).toHaveCount(2);
  await other.run('STORE 2 -FLAGS (\\Seen)');
  await other.run('MOVE 2 Archive');
  await expect(page.locator('.rows .row')).toHaveCount(1);
  await expect(unseen(page, 'Archive')).toHaveText('1');
});

test('a message that is open stays open while others come', async ({ page }) => {
  const other = await arrived(page);
  await row(page, 'First').click();
  await expect(page.locator('.message-subject')).toHaveText('First');
  await other.append('Fourth');
  await expect(unseen(page, 'Inbox')).toHaveText('1');
  await expect(page.locator('.message-subject')).toHaveText('First');
  await page.goBack();
  await expect(row(page, 'Fourth')).toBeVisible();
});

test('what is read here shows on another page of the same person', async ({ page, context }) => {
  const other = await arrived(page);
  await other.append('Fourth');
  await expect(row(page, 'Fourth')).toHaveClass(/row-unread/);
  const second = await context.newPage();
  await second.goto('/mail/me/INBOX');
  await row(second, 'Fourth').click();
  await expect(second.locator('.message-subject')).toHaveText('Fourth');
  await page.bringToFront();
  await expect(row(page, 'Fourth')).not.toHaveClass(/row-unread/);
  await expect(unseen(page, 'Inbox')).toHaveCount(0);
});
