// What CONTRIBUTING.md states of speed, traffic and IMAP commands, as rows of a table: medians of several runs.
// `cargo xtask measure` runs it against a release build and a private mail server.
import { readFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { LAUNCH } from './launch.mjs';

const RUNS = 7;
const url = process.env.PENNYPOST_URL;
const [anna] = JSON.parse(process.env.PENNYPOST_ACCOUNTS);

/** The IMAP commands that were answered so far, by the log. */
async function commands() {
  const log = await readFile(process.env.PENNYPOST_LOG, 'utf8');
  return [...log.matchAll(/answered command="([A-Z ]+)"/g)].map((found) => found[1]).filter((name) => name !== 'LOGOUT');
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const firstPaint = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) =>
        new PerformanceObserver((list) => resolve(list.getEntriesByName('first-contentful-paint')[0].startTime)).observe({
          type: 'paint',
          buffered: true,
        }),
      ),
  );
const alive = async (page) => {
  await page.waitForFunction(() => document.documentElement.dataset.ready !== undefined);
  return page.evaluate(() => performance.now());
};

const browser = await chromium.launch(LAUNCH);
const times = { signedIn: [], reloaded: [], living: [], opened: [], next: [] };
const wire = { first: [], again: [] };
let counted;
for (let run = 0; run < RUNS; run += 1) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  let bytes = 0;
  await network.send('Network.enable');
  network.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));

  await page.goto(url);
  await page.getByLabel('E-mail address').fill(anna.address);
  await page.getByLabel('Password').fill(anna.password);
  const before = await commands();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/mail\/me\/INBOX/);
  times.signedIn.push(await firstPaint(page));
  await alive(page);
  wire.first.push(bytes);
  const signedIn = await commands();

  bytes = 0;
  await page.reload();
  times.reloaded.push(await firstPaint(page));
  times.living.push(await alive(page));
  wire.again.push(bytes);
  const reloaded = await commands();

  const open = (index) =>
    page.evaluate(
      (index) =>
        new Promise((resolve) => {
          const row = document.querySelectorAll('.rows a.row')[index];
          const subject = row.querySelector('.row-what').textContent;
          const begun = performance.now();
          const look = () =>
            document.querySelector('.message-subject')?.textContent === subject
              ? requestAnimationFrame(() => resolve(performance.now() - begun))
              : setTimeout(look, 1);
          row.click();
          look();
        }),
      index,
    );
  times.opened.push(await open(3));
  // The stream of news never falls silent, so that there is no idle network to wait for.
  await page.waitForTimeout(500);
  const opened = await commands();
  times.next.push(await open(5));
  counted ??= {
    signedIn: signedIn.slice(before.length),
    reloaded: reloaded.slice(signedIn.length),
    opened: opened.slice(reloaded.length),
  };
  await context.close();
}
await browser.close();

const milliseconds = (numbers) => `${Math.round(median(numbers))} ms`;
const kilobytes = (numbers) => `${Math.ceil(median(numbers) / 1000)} kB`;
const list = (names) => `${names.length}: ${names.join(', ')}`;
for (const [what, measured] of [
  ['sign-in form sent to first paint of the Inbox', milliseconds(times.signedIn)],
  ['reload of the Inbox to its first paint', milliseconds(times.reloaded)],
  ['reload of the Inbox until the program lives', milliseconds(times.living)],
  ['click on a message until it is shown', milliseconds(times.opened)],
  ['the same for another one', milliseconds(times.next)],
  ['over the wire, first visit to the Inbox', kilobytes(wire.first)],
  ['over the wire, reload of the Inbox', kilobytes(wire.again)],
  ['IMAP commands from the form to the Inbox', list(counted.signedIn)],
  ['IMAP commands of a reload', list(counted.reloaded)],
  ['IMAP commands to open a message', list(counted.opened)],
]) {
  console.log(`| ${what} | ${measured} |`);
}
