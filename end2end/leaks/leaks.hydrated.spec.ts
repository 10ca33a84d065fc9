import type { Frame, Page } from '@playwright/test';
import { deliver } from './post';
import { letters, library, own, type Letter, type Vector } from './vectors';
import { expect, newcomer, test, type Watch } from './watched';

test.describe.configure({ mode: 'parallel' });
test.setTimeout(230_000);

/** No letter may bring these into its document: they act, fetch or catch what is typed, if only the policy let them. */
const NEVER =
  'script,iframe,frame,object,embed,applet,form,input,button,select,textarea,link,base,svg,math,video,audio,source,track,' +
  'template,noscript,dialog,portal,fencedframe,meta[http-equiv],[ping],[srcset],[background]:not([background^="/picture/"]),[autofocus],[contenteditable]';

/** Rows of a page of the list. */
const PAGE = 50;

const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

for (const [name, least] of [
  ['fetching', 170], ['styles', 200], ['running', 170], ['mutation', 80], ['covering', 85], ['messages', 150],
] as const) {
  test(`letters do nothing but be read: ${name}`, async ({ page, watch, stranger }) => {
    await everyLetter(page, watch, name, letters(own(name), stranger.port), least, true);
  });
}

for (const half of [0, 1]) {
  test(`letters do nothing but be read: tests of other filters, ${half + 1}`, async ({ page, watch, stranger }) => {
    const vectors = library().filter((_, index) => index % 2 === half);
    await everyLetter(page, watch, `library${half}`, letters(vectors, stranger.port), 500, false);
  });
}

test('links lead into tabs of their own, which learn nothing', async ({ page, watch, stranger }) => {
  const sent = letters(own('links'), stranger.port, 1);
  const known = await deliver(await newcomer(page, 'links'), sent);
  await noteShownFrames(page);
  const complaints: string[] = [];
  let pressed = 0;
  for (const href of await rows(page, '/mail/me/INBOX', sent.length)) {
    const at = /\/(\d+\.(\d+))$/.exec(href)!;
    watch.now = known.get(Number(at[2]))!.vectors[0];
    await open(page, href, at[1], '/body');
    await shellIsOurs(page, watch, href);
    for (const link of await page.frameLocator('iframe.message-frame').locator('a[href]:visible').all()) {
      // What another program opens is up to that program.
      if (!/^(https?:|\/leaving\?)/i.test((await link.getAttribute('href'))!)) continue;
      const opening = page.context().waitForEvent('page', { timeout: 5000 });
      await link.click();
      const tab = await opening;
      await tab.waitForLoadState().catch(() => {});
      const told = await tab.evaluate(() => [document.referrer, String(window.opener), window.name]);
      if (told.join() !== ',null,') watch.complain(`the tab knows ${told}`);
      await tab.close();
      pressed += 1;
    }
    if (!page.url().endsWith(href)) watch.complain(`the page went to ${page.url()}`);
    // Whoever pressed is in the frame, and leaves it again for the next letter.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (const { first, path, header } of stranger.heard.splice(0)) {
      // That is asked by the page of the stranger.
      if (path === '/favicon.ico') continue;
      if (/^(referer|cookie|origin|ping-[a-z]+):/im.test(header)) watch.complain(`told the stranger ${header}`);
      if (/^[A-Z]+ \S+ HTTP/.test(first) && !first.startsWith('GET ')) watch.complain(`did not only ask: ${first}`);
    }
    complaints.push(...watch.take());
  }
  console.log(`leaks: ${pressed} links pressed, ${complaints.length} complaints`);
  expect(complaints).toEqual([]);
  expect(pressed).toBeGreaterThanOrEqual(30);
});

test('where nothing protects, the same letters run and fetch', async ({ page, stranger }) => {
  const sent = letters([...own('running'), ...own('fetching'), ...own('styles')], stranger.port);
  const ran = new Set<string>();
  page.on('console', (message) => {
    for (const [, id] of message.text().matchAll(/__leak-(\d+)/g)) ran.add(id);
  });
  page.on('dialog', (dialog) => dialog.dismiss());
  for (const { id, body } of sent) {
    stranger.pages.set(`/naked-${id}`, { body, header: [] });
    await page.goto(`http://naked.test/naked-${id}`, { timeout: 3000 }).catch(() => {});
  }
  const fetched = new Set(stranger.heard.splice(0).flatMap(({ path }) => /^\/(\d+)/.exec(path)?.[1] ?? []));
  console.log(`leaks: without protection ${ran.size} vectors run and ${fetched.size} fetch`);
  expect(ran.size).toBeGreaterThanOrEqual(50);
  expect(fetched.size).toBeGreaterThanOrEqual(150);
});

/**
 * Delivers letters to somebody new, and opens each in the living app: without and with its pictures from elsewhere, and
 * `alone` also its body as a page of its own, where no frame holds it.
 */
async function everyLetter(page: Page, watch: Watch, name: string, sent: Letter[], least: number, alone: boolean) {
  const address = await newcomer(page, name);
  const known = await deliver(address, sent);
  expect(known.size).toBe(sent.length);
  await noteShownFrames(page);
  // In a window of its own, since one of two pages in a window is asleep.
  const window = await page.context().browser()!.newContext({ storageState: await page.context().storageState() });
  const bare = await window.newPage();
  watch.over(page.context());
  watch.over(window);
  const complaints: string[] = [];
  let [opened, shown] = [0, 0];
  for (let offset = 0; offset < sent.length; offset += PAGE) {
    const list = `${new URL(page.url()).origin}/mail/me/INBOX${offset ? `?offset=${offset}` : ''}`;
    watch.now = `list from ${offset}`;
    for (const href of await rows(page, list, Math.min(PAGE, sent.length - offset))) {
      const at = /\/(\d+\.(\d+))(\?|$)/.exec(href)!;
      const letter = known.get(Number(at[2]))!;
      watch.now = letter.vectors.join(' | ');
      try {
        await open(page, href, at[1], '/body');
        await lookAtAll(page, alone ? bare : null, watch, letter, href, at[1]);
        await downloadsStayDownloads(page, watch);
        opened += letter.vectors.length;
        const show = await page.evaluate(() => document.querySelector('.remote-content a.button')?.getAttribute('href'));
        if (show) {
          watch.now += ' (with pictures)';
          await open(page, show, at[1], '/body?pictures=show');
          await lookAtAll(page, alone ? bare : null, watch, letter, show, at[1]);
          shown += letter.vectors.length;
        }
      } catch (error) {
        watch.complain(`not opened: ${String(error).split('\n')[0]}`);
        await rows(page, list, Math.min(PAGE, sent.length - offset));
      }
      complaints.push(...watch.take());
    }
  }
  expect([page.context().pages().length, window.pages().length]).toEqual([1, 1]);
  console.log(`leaks: ${opened} vectors of ${name} in ${sent.length} letters, ${shown} with pictures, ${complaints.length} complaints`);
  // Whoever goes elsewhere is seen and heard, after all that was asked before.
  watch.now = 'proof';
  await bare.goto('http://elsewhere.test/proof');
  complaints.push(...watch.take().filter((complaint) => !complaint.includes('GET /favicon.ico')));
  expect(complaints).toEqual(['proof: asked http://elsewhere.test/proof', 'proof: the stranger heard: GET /proof HTTP/1.1']);
  expect(opened).toBe(sent.flatMap((letter) => letter.vectors).length);
  expect(opened).toBeGreaterThanOrEqual(least);
  await window.close();
}

/** Opens the list and gives the addresses of its rows, once all are there. */
async function rows(page: Page, list: string, count: number): Promise<string[]> {
  await page.goto(list);
  await page.waitForFunction(() => document.documentElement.dataset.ready !== undefined);
  const all = page.locator('.rows .row[href]');
  await expect(all).toHaveCount(count);
  return all.evaluateAll((rows) => rows.map((row) => row.getAttribute('href')!));
}

/** The page around the letter, the frame in it, and the same document as a page of its own if there is one for it. */
async function lookAtAll(page: Page, bare: Page | null, watch: Watch, letter: Letter, href: string, at: string) {
  await shellIsOurs(page, watch, href);
  const frame = page.frames().find((frame) => frame.url().includes(`/${at}/`));
  if (!frame) {
    if (page.frames().length > 1) watch.complain('a frame of no message');
    return;
  }
  await documentIsPowerless(frame, watch, letter);
  const address = frame.url();
  const header = watch.headers.get(address) ?? {};
  if (!/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/.test(header['content-security-policy'] ?? '')) {
    watch.complain('no policy');
  }
  if (header['x-content-type-options'] !== 'nosniff') watch.complain('a type may be guessed');
  if (!bare) return;
  await bare.goto(address);
  await documentIsPowerless(bare.mainFrame(), watch, letter);
  if (bare.url() !== address) watch.complain(`went to ${bare.url()}`);
}

async function noteShownFrames(page: Page) {
  await page.addInitScript(() => {
    if (self !== top) return;
    const shown = new Set<string>();
    Object.assign(window, { shownFrames: shown });
    const note = (event: Event) => event.target instanceof HTMLIFrameElement && shown.add(event.target.src);
    document.addEventListener('load', note, true);
  });
}

/** Presses a link of the app, and waits until the message is there with its frame, if it has one. */
async function open(page: Page, href: string, at: string, body: string) {
  await page.evaluate((href) => document.querySelector<HTMLElement>(`main a[href="${href}"]`)!.click(), href);
  await page.waitForFunction(
    ({ at, body }) => {
      if (!document.querySelector(`.message [href*="/${at}/source"]`)) return false;
      const frame = document.querySelector<HTMLIFrameElement>('iframe.message-frame');
      const shown = (window as unknown as { shownFrames: Set<string> }).shownFrames;
      return !frame || (frame.src.endsWith(`/${at}${body}`) && shown.has(frame.src));
    },
    { at, body },
    { timeout: 8000 },
  );
}

/** The page around the letter: no markup of it, nothing of it above our own controls, and still at its address. */
async function shellIsOurs(page: Page, watch: Watch, href: string) {
  const found = await page.evaluate((sandbox) => {
    const wrong: string[] = [];
    if (document.querySelector('leak-mark, [leak-mark]')) wrong.push('markup of a letter in the page');
    const frames = [...document.querySelectorAll<HTMLIFrameElement>('iframe')];
    for (const frame of frames) {
      if (frame.getAttribute('sandbox') !== sandbox) wrong.push('a frame with another sandbox');
      if (frame.hasAttribute('srcdoc')) wrong.push('a document inside of an attribute');
      const box = frame.getBoundingClientRect();
      const pane = frame.closest('article.message')!.getBoundingClientRect();
      const inside = box.left >= pane.left - 1 && box.right <= pane.right + 1 && box.top >= pane.top - 1;
      if (!inside || box.right > innerWidth + 1) wrong.push('the frame is outside of its pane');
    }
    for (const control of document.querySelectorAll<HTMLElement>('a[href], button, input, summary')) {
      const box = control.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (!control.checkVisibility() || x < 0 || y < 0 || x > innerWidth || y > innerHeight) continue;
      if (document.elementFromPoint(x, y) instanceof HTMLIFrameElement) wrong.push(`${control.textContent} is covered`);
    }
    if (document.documentElement.scrollWidth > innerWidth + 1) wrong.push('the page is wider than the window');
    if (document.activeElement instanceof HTMLIFrameElement) wrong.push('the letter took the focus');
    return wrong;
  }, SANDBOX);
  for (const wrong of found) watch.complain(wrong);
  if (!page.url().endsWith(href)) watch.complain(`the page went to ${page.url()}`);
}

/** The document of a letter: of no origin, with nothing in it that would act, and all of it there. */
async function documentIsPowerless(frame: Frame, watch: Watch, letter: Letter) {
  const { origin, text, never, handlers, addresses } = await frame.evaluate((never) => {
    const all = [...document.querySelectorAll('*')];
    const attributes = all.flatMap((element) => [...element.attributes]);
    return {
      origin: window.origin,
      text: document.documentElement.textContent ?? '',
      never: [...document.querySelectorAll(never)].map((element) => element.outerHTML.slice(0, 120)),
      handlers: attributes.map(({ name }) => name).filter((name) => name.startsWith('on')),
      addresses: attributes
        .filter(({ name }) => name === 'href' || name === 'src')
        .map(({ name, value }) => `${name} ${value.slice(0, 80)}`)
        .filter((told) => !/^(href (https?:\/\/|mailto:|tel:|#|\/leaving\?to=)|src (data:image\/(png|jpeg|gif|webp|avif)[;,]|\/))/i.test(told)),
    };
  }, NEVER);
  if (origin !== 'null') watch.complain(`the document has the origin ${origin}`);
  for (const told of [...never, ...handlers, ...addresses]) watch.complain(`in the document: ${told}`);
  for (const mark of letter.marks) if (!text.includes(mark)) watch.complain(`${mark} was swallowed`);
}

async function downloadsStayDownloads(page: Page, watch: Watch) {
  const links = page.locator('.message a[href*="/attachment/"]');
  for (const href of await links.evaluateAll((links) => links.map((link) => link.getAttribute('href')!))) {
    const answer = await page.request.get(href, { headers: { 'sec-fetch-site': 'same-origin' } });
    const header = answer.headers();
    if (!header['content-disposition']?.startsWith('attachment')) watch.complain('an attachment is shown');
    if (!header['content-security-policy']?.includes('sandbox')) watch.complain('an attachment without a policy');
    if (header['x-content-type-options'] !== 'nosniff') watch.complain('the type of an attachment may be guessed');
    if (/html|svg|xml|script/.test(header['content-type'] ?? '')) watch.complain(`served as ${header['content-type']}`);
  }
}
