import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';

type Account = { address: string; password: string };

/** The people of the demo. */
export const accounts: Account[] = JSON.parse(process.env.PENNYPOST_ACCOUNTS ?? '[]');

export function account(name: string): Account {
  const found = accounts.find((known) => known.address.startsWith(`${name}@`));
  if (!found) throw new Error(`the demo has no ${name}`);
  return found;
}

/**
 * Every test fails when the page asks anybody but Pennypost for anything, when its policy refuses something of our
 * own, or when a script fails.
 */
export const test = base.extend<{ guarded: void }>({
  guarded: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      const own = new URL(baseURL!).origin;
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(own) && !url.startsWith('data:') && !url.startsWith('about:')) {
          complaints.push(`asked a stranger: ${url}`);
        }
      });
      page.on('pageerror', (error) => complaints.push(`script failed: ${error.message}`));
      page.on('console', (message) => {
        const text = message.text();
        if (/content security policy|hydration|panicked/i.test(text)) complaints.push(`console: ${text}`);
      });
      await use();
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Signs in as one of the demo's people and waits for the list. */
export async function signIn(page: Page, name: string, path = '/') {
  const { address, password } = account(name);
  await page.goto(path);
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/mail\/me\//);
}

/** Waits until the page lives, where script is on. */
export async function alive(page: Page) {
  await page.waitForFunction(() => document.documentElement.dataset.ready !== undefined);
}

/** The row of the list with this subject. */
export function row(page: Page, subject: string | RegExp) {
  return page.locator('.rows .row', { has: page.locator('.row-what', { hasText: subject }) }).first();
}

/** Nothing on the page is out of reach of assistive technology, as far as axe can tell. */
export async function accessible(page: Page, javaScriptEnabled: boolean) {
  // axe runs inside the page, so it sees what script is allowed to see.
  if (!javaScriptEnabled) return;
  const result = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .exclude('iframe.message-frame')
    .analyze();
  expect(result.violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
}
