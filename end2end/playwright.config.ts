import { defineConfig } from '@playwright/test';
import { LAUNCH } from './launch.mjs';

// `cargo xtask test` starts the product against its private mail server and says here where it is.
const url = process.env.PENNYPOST_URL;
if (!url) throw new Error('PENNYPOST_URL is not set: run the browser tests by `cargo xtask test`');

const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** Specs named `*.hydrated.spec.ts` need script; all others must pass with and without it. */
const hydrated = /\.hydrated\.spec\.ts$/;

export default defineConfig({
  testDir: 'tests',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  reporter: [['list'], ['json', { outputFile: process.env.PENNYPOST_RESULTS ?? 'test-results/results.json' }]],
  use: {
    baseURL: url,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    launchOptions: LAUNCH,
  },
  projects: [
    { name: 'leaks', testDir: 'leaks', use: { viewport: wide } },
    { name: 'wide', use: { viewport: wide } },
    { name: 'wide without script', use: { viewport: wide, javaScriptEnabled: false }, testIgnore: hydrated },
    { name: 'phone', use: { viewport: phone, hasTouch: true, isMobile: true } },
    {
      name: 'phone without script',
      use: { viewport: phone, hasTouch: true, isMobile: true, javaScriptEnabled: false },
      testIgnore: hydrated,
    },
  ],
});
