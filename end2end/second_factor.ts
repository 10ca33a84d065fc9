import { createHmac } from 'node:crypto';
import type { Page } from '@playwright/test';
import { alive, expect } from './fixtures';

const PASSWORD = process.env.PENNYPOST_TEST_PASSWORD!;

/** Somebody whom no other test knows: a second factor changes how one signs in, so nobody shares theirs. */
export function newcomer(): string {
  return `factor-${Date.now()}-${Math.floor(Math.random() * 1e9)}@test.test`;
}

/** Gives address and password; what comes then is for the test to say. */
export async function givePassword(page: Page, address: string, path = '/sign-in') {
  await page.goto(path);
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function signOut(page: Page) {
  await page.goto('/mail/me/INBOX');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
}

/** Opens the page about signing in, and waits until it lives. */
export async function openSecurity(page: Page) {
  await page.goto('/settings/security');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Security');
  await alive(page);
}

/** Gives the password where a change asks for a proof. A sign-in that is fresh enough spares it. */
export async function confirmByPassword(page: Page, done: ReturnType<Page['locator']>) {
  const sheet = page.getByRole('dialog', { name: 'Is it you?' });
  await expect(sheet.or(done).first()).toBeVisible();
  if (!(await sheet.isVisible())) return;
  await sheet.getByLabel('Password').fill(PASSWORD);
  await sheet.getByRole('button', { name: 'Confirm' }).click();
  await expect(sheet).toBeHidden();
}

/** The code of an app (RFC 6238), so many steps of 30 seconds from now. */
export function code(secret: string, steps = 0): string {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'));
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', key).update(moment).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/**
 * Sets up an app for somebody who is signed in. The code of this moment is used up by it; the one of the next step is
 * taken already, since clocks differ, so that no test needs to wait for it.
 */
export async function enrolApp(page: Page): Promise<{ secret: string; codes: string[] }> {
  await openSecurity(page);
  await page.getByRole('button', { name: 'Set up an app' }).click();
  const shown = page.locator('.setup-secret');
  await confirmByPassword(page, shown);
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  const secret = (await shown.innerText()).replace(/\s/g, '');
  await page.getByLabel('Code', { exact: true }).fill(code(secret));
  await page.getByRole('button', { name: 'Confirm the code' }).click();
  return { secret, codes: await putAwayCodes(page) };
}

/** Notes the recovery codes and says that they are put away. */
export async function putAwayCodes(page: Page): Promise<string[]> {
  const list = page.locator('.codes-list li');
  await expect(list).toHaveCount(10);
  await expect(page.getByRole('heading', { name: 'Your new recovery codes' })).toBeFocused();
  const codes = await list.allInnerTexts();
  expect(new Set(codes).size).toBe(10);
  await page.getByRole('button', { name: 'I have put them away' }).click();
  await expect(list).toHaveCount(0);
  return codes.map((code) => code.trim());
}

/** Gives a code of the app where the second step is asked for. */
export async function giveCode(page: Page, digits: string) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Second step');
  await page.getByLabel('Code', { exact: true }).fill(digits);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Gives a recovery code there. */
export async function giveRecoveryCode(page: Page, recovery: string) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Second step');
  await page.getByText('Use a recovery code', { exact: true }).click();
  await page.getByLabel('Recovery code').fill(recovery);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** An authenticator inside the browser, with somebody in front of it who says yes. */
export async function plugInAuthenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
