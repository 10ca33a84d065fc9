import { chromium, expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { LAUNCH } from '../launch.mjs';
import { Stranger } from './stranger';

/** Everything that a browser does and that no letter may make it do. */
export class Watch {
  private complaints: string[] = [];
  /** What is open. */
  now = '';

  /** What stood above each answer of our own server. */
  readonly headers = new Map<string, Record<string, string>>();

  constructor(private readonly stranger: Stranger, private readonly own: string) {}

  complain(what: string) {
    this.complaints.push(`${this.now}: ${what}`);
  }

  over(context: BrowserContext) {
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(this.own) && !/^(data:image\/|about:blank)/.test(url)) this.complain(`asked ${url.slice(0, 200)}`);
    });
    context.on('response', (answer) => this.headers.set(answer.url(), answer.headers()));
    context.on('dialog', (dialog) => {
      this.complain(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('weberror', (error) => this.complain(`script failed: ${error.error().message}`));
    context.on('console', (message) => {
      const text = message.text();
      // A picture that is not there is no picture for a frame without an origin; our own server was asked for it.
      if (message.location().url.startsWith(`${this.own}/picture/`)) return;
      const telling = /__leak|content security policy|sandbox|refused|blocked|hydration|panicked|ignored call/i;
      if (telling.test(text)) this.complain(`console: ${text.slice(0, 300)}`);
    });
    context.on('download', (download) => this.complain(`downloaded ${download.url().slice(0, 200)}`));
  }

  /** Complaints since the last time; what the stranger heard is among them. */
  take(): string[] {
    for (const heard of this.stranger.takeHeard()) this.complain(heard);
    return this.complaints.splice(0);
  }
}

type Fixtures = { watch: Watch };
type WorkerFixtures = { stranger: Stranger };

/** Tests whose browser takes every name but that of Pennypost for the stranger. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  stranger: [
    async ({}, use) => {
      const stranger = await Stranger.listen();
      await use(stranger);
      stranger.close();
    },
    { scope: 'worker' },
  ],
  browser: [
    async ({ stranger }, use) => {
      // What Chromium asks its maker by itself is no letter's doing, and names nothing that letters here ask for.
      const itself = ['accounts.google.com', '*.googleapis.com', '*.gvt1.com'].map((host) => `MAP ${host} ~NOTFOUND`);
      const rules = `--host-resolver-rules=${itself.join(', ')}, MAP * 127.0.0.1:${stranger.port}, EXCLUDE localhost`;
      // The stranger is of the world: what Chromium keeps from this machine's own network must not be what protects.
      const world = `--ip-address-space-overrides=127.0.0.1:${stranger.port}=public`;
      // What protects must do so without a process for each letter, and a third of the time goes into starting those.
      const few = '--renderer-process-limit=3';
      const browser = await chromium.launch({ ...LAUNCH, args: [...LAUNCH.args, rules, world, few] });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  watch: async ({ stranger, baseURL }, use) => {
    stranger.takeHeard();
    await use(new Watch(stranger, new URL(baseURL!).origin));
  },
});

export { expect };

/** Somebody whom no other test knows, signed in. */
export async function newcomer(page: Page, name: string): Promise<string> {
  const address = `leaks-${name}-${Date.now()}@test.test`;
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(process.env.PENNYPOST_TEST_PASSWORD!);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/mail\/me\//);
  return address;
}
