import type { APIRequestContext, Page } from '@playwright/test';
import { accessible, alive, expect, test } from '../fixtures';
import { OtherClient } from '../other_client';
import { code, enrolApp } from '../second_factor';

const PASSWORD = process.env.PENNYPOST_TEST_PASSWORD!;

/** Somebody who was never here, on the page where one writes, and in another client. */
async function writing(page: Page): Promise<{ address: string; other: OtherClient }> {
  const address = `write-${Date.now()}-${Math.floor(Math.random() * 1e9)}@test.test`;
  const other = await OtherClient.signIn(address, PASSWORD);
  await page.goto('/');
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await alive(page);
  await page.getByRole('link', { name: 'Write' }).click();
  await expect(page).toHaveURL(/\/write$/);
  await expect(to(page)).toBeFocused();
  return { address, other };
}

const to = (page: Page) => page.getByLabel('To', { exact: true });
const subject = (page: Page) => page.getByLabel('Subject');
const text = (page: Page) => page.getByLabel('Text of the message');
const saved = (page: Page) => expect(page.getByRole('status')).toHaveText(/^Saved at \d/);
const sheet = (page: Page) => page.getByRole('dialog', { name: 'Sign in again' });

/** What is in Drafts, as another client sees it, with its number of messages. */
async function drafts(other: OtherClient): Promise<{ count: number; text: string }> {
  const selected = await other.run('SELECT Drafts');
  const count = Number(/\* (\d+) EXISTS/.exec(selected)?.[1]);
  return { count, text: count > 0 ? await other.run('FETCH 1:* (FLAGS BODY.PEEK[])') : '' };
}

/** Ends the session of the page on the server; the page is told nothing by this. */
async function endSession(page: Page, request: APIRequestContext) {
  const cookies = await page.context().cookies();
  const cookie = cookies.find((cookie) => cookie.name.endsWith('pennypost'))!;
  const answer = await request.post('/sign-out', {
    headers: { cookie: `${cookie.name}=${cookie.value}`, origin: new URL(page.url()).origin },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
}

test('what is written is one draft, as another client sees it, and stays one', async ({ page }) => {
  const { other } = await writing(page);
  await to(page).fill('Bob <bob@demo.test>');
  await subject(page).fill('A walk on Sunday');
  await text(page).pressSequentially('Shall we?\nAt ten.');
  await saved(page);
  const first = await drafts(other);
  expect(first.count).toBe(1);
  for (const words of ['\\Draft', '\\Seen', 'bob@demo.test', 'Subject: A walk on Sunday', 'Shall we?\r\nAt ten.']) {
    expect(first.text).toContain(words);
  }
  await text(page).pressSequentially(' Or eleven.');
  await expect
    .poll(async () => (await drafts(other)).text)
    .toContain('Shall we?\r\nAt ten. Or eleven.');
  expect((await drafts(other)).count).toBe(1);
});

test('unsaved words survive a reload, in every field, and come to Drafts then', async ({ page }) => {
  const { other } = await writing(page);
  // The mail server does not get them, so that only the browser has them.
  await page.route('**/api/draft/save', (route) => route.abort());
  await to(page).fill('bob@demo.test, ann');
  await page.getByLabel('Cc').fill('carol@demo.test');
  await subject(page).fill('Half a thought <b>');
  await text(page).pressSequentially('</textarea><script>alert(1)</script>\nand more');
  await expect(page.getByRole('status')).toContainText('Not saved: Pennypost can\'t be reached.');
  expect((await drafts(other)).count).toBe(0);
  await page.reload();
  await alive(page);
  await expect(to(page)).toHaveValue('bob@demo.test, ann');
  await expect(page.getByLabel('Cc')).toHaveValue('carol@demo.test');
  await expect(subject(page)).toHaveValue('Half a thought <b>');
  await expect(text(page)).toHaveValue('</textarea><script>alert(1)</script>\nand more');
  await page.unroute('**/api/draft/save');
  await text(page).pressSequentially('.');
  await saved(page);
  const kept = await drafts(other);
  expect(kept.count).toBe(1);
  expect(kept.text).toContain('and more');
});

test('what the browser keeps tells nothing without the key', async ({ page }) => {
  await writing(page);
  await page.route('**/api/draft/save', (route) => route.abort());
  await text(page).pressSequentially('confidential');
  const stored = () =>
    page.evaluate(
      () =>
        new Promise<string[]>((told) => {
          const opening = indexedDB.open('pennypost');
          opening.onsuccess = () => {
            const all = opening.result.transaction('drafts').objectStore('drafts').getAll();
            all.onsuccess = () => {
              opening.result.close();
              told(all.result.map((bytes: Uint8Array) => String.fromCharCode(...bytes)));
            };
          };
        }),
    );
  await expect.poll(async () => (await stored()).length).toBe(1);
  expect((await stored())[0]).not.toContain('confidential');
  const everywhere = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(everywhere).not.toContain('confidential');
});

test('whoever leaves the page in the middle of a word finds it in Drafts', async ({ page }) => {
  const { other } = await writing(page);
  await text(page).pressSequentially('In the midd');
  const answered = page.waitForResponse('**/api/draft/save');
  await page.getByRole('link', { name: 'Back to the Inbox' }).click();
  await expect(page).toHaveURL(/INBOX/);
  await answered;
  await expect.poll(async () => (await drafts(other)).text).toContain('In the midd');
  await page.getByRole('link', { name: 'Write' }).click();
  await expect(to(page)).toBeFocused();
  await expect(text(page)).toHaveValue('');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page and the sheet are within reach of everybody, ${colorScheme}`, async ({ page, request }) => {
    await page.emulateMedia({ colorScheme });
    await writing(page);
    await accessible(page, true);
    await endSession(page, request);
    await text(page).pressSequentially('Words');
    await expect(sheet(page)).toBeVisible();
    await accessible(page, true);
    expect(await page.locator('[style]').count()).toBe(0);
    // Nothing leads around it.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(sheet(page)).toBeVisible();
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('Tab');
      const outside = await page.evaluate(
        () => document.activeElement !== document.body && !document.activeElement?.closest('dialog'),
      );
      expect(outside).toBe(false);
    }
  });
}

test('a session that ends while somebody writes costs no word', async ({ page, request }) => {
  const { address, other } = await writing(page);
  await subject(page).fill('Long');
  await text(page).pressSequentially('The beginning. ');
  await saved(page);
  await endSession(page, request);
  // Longer than the pause after which the page saves, and finds out: nobody is interrupted in the middle of a word.
  const words = 'Here somebody goes on writing, quite slowly, while the session has ended. ';
  await text(page).pressSequentially(words, { delay: 60 });
  await expect(sheet(page)).toBeVisible();
  await expect(text(page)).toHaveValue(`The beginning. ${words}`);
  await expect(sheet(page).getByLabel('E-mail address')).toHaveValue(address);
  await expect(sheet(page).getByLabel('Password')).toBeFocused();

  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await expect(sheet(page).getByRole('alert')).toContainText('does not accept this address and password');
  await sheet(page).getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(sheet(page)).toHaveCount(0);
  await expect(text(page)).toBeFocused();
  await page.keyboard.type('The end.');
  await saved(page);
  await expect.poll(async () => (await drafts(other)).text.replace(/=\r\n/g, '')).toContain(`${words}The end.`);
  expect((await drafts(other)).count).toBe(1);
});

test('the sheet asks for the second factor too, and the words go on after it', async ({ page, request }) => {
  const { address } = await writing(page);
  const { secret } = await enrolApp(page);
  await page.goto('/write');
  await expect(to(page)).toBeFocused();
  await text(page).pressSequentially('Before and ');
  await saved(page);
  await endSession(page, request);
  await text(page).pressSequentially('after.');
  await expect(sheet(page)).toBeVisible();
  await expect(sheet(page).getByLabel('E-mail address')).toHaveValue(address);
  await sheet(page).getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  const field = sheet(page).getByLabel('Code from your app, or a recovery code');
  await field.fill('000000');
  await page.keyboard.press('Enter');
  await expect(sheet(page).getByRole('alert')).toContainText('does not count');
  await field.fill(code(secret, 1));
  await page.keyboard.press('Enter');
  await expect(sheet(page)).toHaveCount(0);
  await expect(text(page)).toHaveValue('Before and after.');
  await saved(page);
});

test('whoever reads when the session ends signs in over the page and hears of new mail again', async ({ page, request }) => {
  const address = `read-${Date.now()}-${Math.floor(Math.random() * 1e9)}@test.test`;
  const other = await OtherClient.signIn(address, PASSWORD);
  for (const subject of ['First', 'Second']) await other.append(subject, '\\Seen');
  // Without the stream nobody tells the page before it asks.
  await page.route('**/live/**', (route) => route.abort());
  await page.goto('/');
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await alive(page);
  await endSession(page, request);
  await page.locator('.rows .row', { hasText: 'First' }).click();
  await expect(sheet(page)).toBeVisible();
  await expect(page.locator('.rows .row')).toHaveCount(2);
  await page.unroute('**/live/**');
  await sheet(page).getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(sheet(page)).toHaveCount(0);
  await expect(page.locator('.message-subject')).toHaveText('First');
  await other.append('Third');
  await expect(page.locator('.rows .row')).toHaveCount(3);
});

test('whoever does nothing but look is told by the stream that the session has ended', async ({ page, request }) => {
  const address = `look-${Date.now()}-${Math.floor(Math.random() * 1e9)}@test.test`;
  const other = await OtherClient.signIn(address, PASSWORD);
  await other.append('Here to stay', '\\Seen');
  await page.goto('/');
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(PASSWORD);
  const listening = page.waitForResponse((response) => response.url().includes('/live/me/'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await alive(page);
  await listening;
  await endSession(page, request);
  // The stream looks at the session every quarter of a minute.
  await expect(sheet(page)).toBeVisible({ timeout: 25_000 });
  await expect(page.locator('.rows .row', { hasText: 'Here to stay' })).toHaveCount(1);
});
