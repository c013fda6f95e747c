import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/* Debian's Chromium, started once for all tests of the console. */

export interface Window {
  context: BrowserContext;
  page: Page;
  /** What the page complained of: console errors, exceptions, requests that the policy stopped. */
  complaints: string[];
}

let browser: Promise<Browser> | undefined;

export function openBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required'],
  });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

export interface WindowOptions {
  /** Cookies and marks of another window. */
  storageState?: Awaited<ReturnType<BrowserContext['storageState']>>;
  width?: number;
  height?: number;
}

/** A browser of its own, with its own log-in. */
export async function openWindow(
  origin: string,
  { width = 1024, height = 768, storageState }: WindowOptions = {},
): Promise<Window> {
  const context = await (await openBrowser()).newContext({
    baseURL: origin,
    viewport: { width, height },
    locale: 'vi-VN',
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce',
    ...(storageState === undefined ? {} : { storageState }),
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { context, page, complaints };
}

/** Logs in with the form. */
export async function logIn({ page }: Window, username: string, password: string): Promise<void> {
  await page.goto('/');
  await page.locator('input[autocomplete=username]').fill(username);
  await page.locator('input[autocomplete=current-password]').fill(password);
  await page.locator('form button[type=submit]').click();
  await page.locator('.side').waitFor();
}
