import { OtherClient } from '../other_client';
import { accessible, alive, expect, row, signIn, test } from '../fixtures';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`what stands around a letter is within reach of everybody, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await signIn(page, 'anna');
    for (const subject of ['Slow evenings need a good kettle', /^Invitation: Cupping/, 'RE: Q3']) {
      await page.goto('/mail/me/Gallery');
      await alive(page);
      await row(page, subject).click();
      await expect(page.locator('iframe.message-frame')).toBeVisible();
      await accessible(page, true);
    }
    await page.goto('/leaving?to=https%3A%2F%2Felsewhere.test%2F');
    await accessible(page, true);
  });
}

test('the message below is read ahead, counts as read when it is opened, and is unread again', async ({ page }) => {
  const address = `ahead-${Date.now()}@test.test`;
  const password = process.env.PENNYPOST_TEST_PASSWORD!;
  const other = await OtherClient.signIn(address, password);
  for (const subject of ['below', 'above']) await other.append(subject);
  await page.goto('/');
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/mail\/me\//);
  await alive(page);
  const ahead = page.waitForResponse((answer) => answer.url().endsWith('/api/message/peek'));
  await row(page, 'above').click();
  await expect(page.locator('.message-subject')).toHaveText('above');
  expect((await ahead).status()).toBe(200);
  expect(await other.run('STATUS INBOX (UNSEEN)')).toContain('UNSEEN 1');
  // On a phone the list is a step back.
  if (await page.locator('.message .back').isVisible()) await page.goBack();
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().endsWith('/api/message/open'))));
  await row(page, 'below').click();
  await expect(page.locator('.message-subject')).toHaveText('below');
  await expect.poll(() => other.run('STATUS INBOX (UNSEEN)')).toContain('UNSEEN 0');
  expect(asked).toBe(0);
  await page.getByRole('button', { name: 'Mark as unread' }).click();
  await expect(page.locator('.message-subject')).toHaveCount(0);
  await expect(page.locator('.rows .row-unread')).toHaveCount(1);
  expect(await other.run('STATUS INBOX (UNSEEN)')).toContain('UNSEEN 1');
});
