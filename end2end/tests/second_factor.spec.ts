import { accessible, expect, test } from '../fixtures';
import { code, enrolApp, giveCode, giveRecoveryCode, givePassword, newcomer, signOut } from '../second_factor';

test('the page about signing in is read with and without script', async ({ page, javaScriptEnabled }) => {
  const address = newcomer();
  await givePassword(page, address);
  await page.getByRole('link', { name: 'Security' }).click();
  await expect(page).toHaveURL(/\/settings\/security$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Security');
  await expect(page.locator('main')).toContainText(address);
  for (const part of ['Second factors', 'Recovery codes', 'Where you are signed in', 'Trusted browsers', 'What happened at the door']) {
    await expect(page.getByRole('heading', { level: 2, name: part })).toBeVisible();
  }
  await expect(page.locator('.entry', { hasText: 'This one' })).toHaveCount(1);
  await expect(page.locator('.events .entry').first()).toContainText('Somebody signed in');
  const change = page.getByRole('button', { name: 'Set up an app' });
  if (javaScriptEnabled) {
    await expect(change).toBeVisible();
  } else {
    await expect(change).toBeHidden();
    await expect(page.getByText('Changing anything here needs JavaScript.')).toBeVisible();
  }
  await accessible(page, javaScriptEnabled);
  await page.getByRole('link', { name: 'To your mail' }).click();
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);
});

test('nobody reads it who is not signed in', async ({ page }) => {
  await page.goto('/settings/security');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test('the second step is a plain form', async ({ page, browser, baseURL, javaScriptEnabled }) => {
  // Setting one up needs the program, so somebody with script does that.
  const address = newcomer();
  const elsewhere = await browser.newContext({ baseURL, locale: 'en-GB', javaScriptEnabled: true });
  const first = await elsewhere.newPage();
  await givePassword(first, address);
  const { secret, codes } = await enrolApp(first);
  await elsewhere.close();

  await givePassword(page, address);
  await expect(page).toHaveURL(/\/sign-in\/factor/);
  await accessible(page, javaScriptEnabled);
  await giveCode(page, '12');
  await expect(page.getByRole('alert')).toContainText('does not count, or was used already');
  const next = code(secret, 1);
  await giveCode(page, next);
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);
  await signOut(page);

  await givePassword(page, address);
  await giveCode(page, next);
  await expect(page.getByRole('alert')).toContainText('does not count, or was used already');
  await page.getByLabel('Trust this browser for 30 days').check();
  await giveRecoveryCode(page, codes[0]);
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);
  await signOut(page);
  await givePassword(page, address);
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);
});

test('whoever starts over is asked for the password again', async ({ page, browser, baseURL }) => {
  const address = newcomer();
  const elsewhere = await browser.newContext({ baseURL, locale: 'en-GB', javaScriptEnabled: true });
  const first = await elsewhere.newPage();
  await givePassword(first, address);
  await enrolApp(first);
  await elsewhere.close();
  await givePassword(page, address);
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await page.goto('/sign-in/factor');
  await expect(page.getByLabel('Code', { exact: true })).toHaveCount(0);
});
