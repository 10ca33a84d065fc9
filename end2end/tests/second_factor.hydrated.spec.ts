import { accessible, alive, expect, test } from '../fixtures';
import {
  code, confirmByPassword, enrolApp, giveCode, giveRecoveryCode, givePassword, newcomer, openSecurity, plugInAuthenticator,
  putAwayCodes, signOut,
} from '../second_factor';

test('whoever sets up an app signs in with its codes, each of which works once', async ({ page }) => {
  const address = newcomer();
  await givePassword(page, address);
  const { secret } = await enrolApp(page);
  await expect(page.locator('.entry', { hasText: 'Authenticator app' })).toBeVisible();
  await expect(page.getByText('You have 10 recovery codes left.')).toBeVisible();

  await signOut(page);
  await givePassword(page, address);
  const next = code(secret, 1);
  await giveCode(page, next);
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);

  await signOut(page);
  await givePassword(page, address);
  await giveCode(page, next);
  await expect(page.getByRole('alert')).toContainText('does not count, or was used already');
  await page.goto('/mail/me/INBOX');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a recovery code works once and not twice', async ({ page }) => {
  const address = newcomer();
  await givePassword(page, address);
  const { codes } = await enrolApp(page);
  await signOut(page);
  await givePassword(page, address);
  await giveRecoveryCode(page, codes[3]);
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);
  await openSecurity(page);
  await expect(page.getByText('You have 9 recovery codes left.')).toBeVisible();
  await signOut(page);
  await givePassword(page, address);
  await giveRecoveryCode(page, codes[3]);
  await expect(page.getByRole('alert')).toContainText('does not count, or was used already');
});

test('the second step leads to the page that one asked for', async ({ page }) => {
  const address = newcomer();
  await givePassword(page, address);
  const { codes } = await enrolApp(page);
  await signOut(page);
  await givePassword(page, address, '/settings/security');
  await giveRecoveryCode(page, codes[0]);
  await expect(page).toHaveURL(/\/settings\/security$/);
});

test('new recovery codes are made after a proof, and the old ones are worth nothing', async ({ page }) => {
  const address = newcomer();
  await givePassword(page, address);
  const { codes: old } = await enrolApp(page);
  await signOut(page);
  await givePassword(page, address);
  await giveRecoveryCode(page, old[0]);
  await openSecurity(page);
  await page.getByRole('button', { name: 'Make new recovery codes' }).click();
  const sheet = page.getByRole('dialog', { name: 'Is it you?' });
  const shown = page.locator('.codes-list');
  await expect(sheet.or(shown).first()).toBeVisible();
  if (await sheet.isVisible()) {
    await accessible(page, true);
    await sheet.getByText('Use a recovery code', { exact: true }).click();
    await sheet.getByLabel('Recovery code').fill(old[1]);
    await sheet.getByRole('button', { name: 'Confirm' }).last().click();
  }
  const fresh = await putAwayCodes(page);
  await signOut(page);
  await givePassword(page, address);
  await giveRecoveryCode(page, old[2]);
  await expect(page.getByRole('alert')).toBeVisible();
  await giveRecoveryCode(page, fresh[2]);
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);
});

test('a passkey is made and signs in', async ({ page }) => {
  await plugInAuthenticator(page);
  const address = newcomer();
  await givePassword(page, address);
  await openSecurity(page);
  await page.getByRole('button', { name: 'Set up a passkey' }).click();
  await page.getByLabel('Name').fill('Blue key');
  await page.getByRole('button', { name: 'Make the passkey' }).click();
  await confirmByPassword(page, page.locator('.codes-list'));
  await putAwayCodes(page);
  await expect(page.locator('.entry', { hasText: 'Blue key' })).toContainText('Passkey');

  await signOut(page);
  await givePassword(page, address);
  await alive(page);
  await accessible(page, true);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Inbox');
});

test('without its passkey the browser says so and nothing else happens', async ({ page }) => {
  const address = newcomer();
  await plugInAuthenticator(page);
  await givePassword(page, address);
  await openSecurity(page);
  await page.getByRole('button', { name: 'Set up a passkey' }).click();
  await page.getByRole('button', { name: 'Make the passkey' }).click();
  await confirmByPassword(page, page.locator('.codes-list'));
  await putAwayCodes(page);
  await signOut(page);
  await givePassword(page, address);
  await alive(page);
  // As where its person says no.
  await page.evaluate(() => {
    navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('The browser gave no passkey');
  await expect(page).toHaveURL(/\/sign-in\/factor/);
});

test('a trusted browser is spared the second step until it is trusted no longer', async ({ page }) => {
  const address = newcomer();
  await givePassword(page, address);
  const { codes } = await enrolApp(page);
  // Signing out here leaves the browser trusted: it forgets the session, not whom it belongs to.
  await signOut(page);
  await givePassword(page, address);
  await page.getByLabel('Trust this browser for 30 days').check();
  await giveRecoveryCode(page, codes[0]);
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);

  await signOut(page);
  await givePassword(page, address);
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);

  await openSecurity(page);
  const device = page.locator('.entry', { hasText: 'This browser' });
  await device.getByRole('button', { name: /no longer/ }).click();
  const none = page.getByText('the second step is asked for in every browser');
  const sheet = page.getByRole('dialog', { name: 'Is it you?' });
  await expect(sheet.or(none).first()).toBeVisible();
  if (await sheet.isVisible()) {
    await sheet.getByText('Use a recovery code', { exact: true }).click();
    await sheet.getByLabel('Recovery code').fill(codes[1]);
    await sheet.getByRole('button', { name: 'Confirm' }).last().click();
  }
  await expect(none).toBeVisible();
  await signOut(page);
  await givePassword(page, address);
  await expect(page).toHaveURL(/\/sign-in\/factor/);
});

test('a session that is ended from another browser is told on its open page', async ({ page, browser, baseURL }) => {
  const address = newcomer();
  await givePassword(page, address);
  await alive(page);
  const elsewhere = await browser.newContext({ baseURL, locale: 'en-GB' });
  const second = await elsewhere.newPage();
  await givePassword(second, address);
  await openSecurity(second);
  const entries = second.locator('section', { hasText: 'Where you are signed in' }).locator('.entry');
  await expect(entries).toHaveCount(2);
  await expect(entries.first()).toContainText('This one');
  await entries.last().getByRole('button', { name: /^End the session/ }).click();
  await confirmByPassword(second, second.getByText('Done.'));
  await expect(entries).toHaveCount(1);
  await expect(page.getByText('You are not signed in any more.').or(page.getByLabel('Password')).first()).toBeVisible();
  await elsewhere.close();
});

test('all other sessions end at once', async ({ page, browser, baseURL }) => {
  const address = newcomer();
  await givePassword(page, address);
  const elsewhere = await browser.newContext({ baseURL, locale: 'en-GB' });
  const second = await elsewhere.newPage();
  await givePassword(second, address);
  await openSecurity(second);
  const others = second.getByRole('button', { name: 'End all other sessions' });
  await others.click();
  await confirmByPassword(second, second.getByText('Done.'));
  await expect(others).toHaveCount(0);
  await page.goto('/mail/me/INBOX');
  await expect(page).toHaveURL(/\/sign-in/);
  await elsewhere.close();
});

test('a factor is renamed, and removed after a second question', async ({ page }) => {
  const address = newcomer();
  await givePassword(page, address);
  await enrolApp(page);
  await page.getByRole('button', { name: 'Rename Authenticator app' }).click();
  await page.getByLabel('Name').fill('Old phone');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await page.getByRole('button', { name: 'Remove Old phone' }).click();
  const question = page.getByRole('group', { name: /Remove “Old phone”/ });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Remove Old phone' }).click();
  await question.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('the password alone opens your mail here')).toBeVisible();
  await expect(page.getByText('They come with your first second factor.')).toBeVisible();
});

test('paper has the recovery codes and nothing to press', async ({ page }) => {
  await givePassword(page, newcomer());
  await openSecurity(page);
  await page.getByRole('button', { name: 'Set up an app' }).click();
  const shown = page.locator('.setup-secret');
  await confirmByPassword(page, shown);
  const secret = (await shown.innerText()).replace(/\s/g, '');
  await page.getByLabel('Code', { exact: true }).fill(code(secret));
  await page.getByRole('button', { name: 'Confirm the code' }).click();
  await expect(page.locator('.codes-list li')).toHaveCount(10);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.codes-list')).toBeVisible();
  await expect(page.getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Where you are signed in' })).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every step is within reach of assistive technology, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const address = newcomer();
    await givePassword(page, address);
    await openSecurity(page);
    await accessible(page, true);
    await page.getByRole('button', { name: 'Set up an app' }).click();
    const shown = page.locator('.setup-secret');
    await confirmByPassword(page, shown);
    const secret = (await shown.innerText()).replace(/\s/g, '');
    await accessible(page, true);
    await page.getByLabel('Code', { exact: true }).fill(code(secret));
    await page.getByRole('button', { name: 'Confirm the code' }).click();
    await expect(page.locator('.codes-list li')).toHaveCount(10);
    await accessible(page, true);
    await page.getByRole('button', { name: 'I have put them away' }).click();
    await page.getByRole('button', { name: /^Remove / }).click();
    await accessible(page, true);
    await signOut(page);
    await givePassword(page, address);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Second step');
    await accessible(page, true);
    await giveCode(page, '000000');
    await expect(page.getByRole('alert')).toBeVisible();
    await accessible(page, true);
  });
}

test('nothing is cut off in a narrow window or with large letters', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await givePassword(page, newcomer());
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeInViewport();
  expect(await fits()).toBe(true);
  await openSecurity(page);
  await page.getByRole('button', { name: 'Set up an app' }).click();
  await confirmByPassword(page, page.locator('.setup-secret'));
  await expect(page.locator('.setup-secret')).toBeVisible();
  expect(await fits()).toBe(true);
});
