import { accessible, account, expect, signIn, test } from '../fixtures';

test('a person signs in with a plain form and signs out again', async ({ page, javaScriptEnabled }) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/sign-in$/);
  await accessible(page, javaScriptEnabled);
  await signIn(page, 'anna');
  await expect(page).toHaveURL(/\/mail\/me\/INBOX$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Inbox');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  await page.goto('/mail/me/INBOX');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
});

test('a wrong password is said so, and the address stays', async ({ page, javaScriptEnabled }) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(account('anna').address);
  await page.getByLabel('Password').fill('not her password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('does not accept this address and password');
  await expect(page.getByLabel('E-mail address')).toHaveValue(account('anna').address);
  await expect(page.getByLabel('Password')).toHaveValue('');
  await accessible(page, javaScriptEnabled);
});

test('an unknown address reads exactly as a wrong password does', async ({ page }) => {
  const words = async (address: string) => {
    await page.goto('/sign-in');
    await page.getByLabel('E-mail address').fill(address);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    return page.getByRole('alert').innerText();
  };
  expect(await words('nobody@demo.test')).toEqual(await words(account('ben').address));
});

test('after signing in one comes to the page that one asked for', async ({ page }) => {
  await signIn(page, 'anna', '/mail/me/Projects~2F2026');
  await expect(page).toHaveURL(/\/mail\/me\/Projects~2F2026$/);
});

test('a session cookie of before is worth nothing after signing out', async ({ page, context, request }) => {
  await signIn(page, 'ben');
  const cookies = await context.cookies();
  const session = cookies.find((cookie) => cookie.name.endsWith('pennypost'))!;
  expect(session.httpOnly).toBe(true);
  expect(session.sameSite).toBe('Lax');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  const answer = await request.get('/mail/me/INBOX', {
    headers: { cookie: `${session.name}=${session.value}` },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
});
