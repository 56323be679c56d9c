import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chromium as browsers, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromiumPath } from '#libs/testing/chromium.js';
import { startTestHub, type TestHub } from '#tests/support/test-hub.js';
import { PERSON, STRANGER, startProbe, type ProbeApp } from '#tests/support/probe/probe-app.js';

const LAUNCH_TIMEOUT_MS = 120_000;

interface Me {
  readonly data?: { readonly me: { readonly organisationId: string } } | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

const executablePath = await chromiumPath();

describe('a member of staff at a browser', () => {
  if (executablePath === undefined) {
    it('needs a Chromium', () => expect(process.env['CI']).not.toBe('true'));
    return;
  }

  let probe: ProbeApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    probe = await startProbe();
    browser = await browsers.launch({
      executablePath,
      // The package's own arguments are for a cloud function: one process, and no walls between sites.
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
      headless: true,
    });
  }, LAUNCH_TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await probe.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    // A page of the console's own origin; the hub's answers themselves may fetch nothing.
    await page.route(home(), (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  });
  afterEach(() => context.close());

  const home = (): string => `${probe.url}/console`;

  async function signIn(person: { readonly login: string; readonly password: string }, to = '/console'): Promise<void> {
    await page.goto(`${probe.url}/sign-in?to=${encodeURIComponent(to)}`);
    await page.getByLabel('Login').fill(person.login);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** Led back, then opened again: a redirect cannot be answered by this test. */
  async function arrive(): Promise<void> {
    await page.waitForURL(home());
    await page.goto(home());
  }

  /** What the console does: a request from a page of ours, with its header or without. */
  const me = (headers: Readonly<Record<string, string>> = { 'x-liaison-console': '1' }): Promise<Me> =>
    page.evaluate(async (given) => {
      const body = JSON.stringify({ query: '{ me { organisationId } }' });
      const answer = await fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...given },
        body,
      });
      return (await answer.json()) as Me;
    }, headers);

  const codeOf = ({ errors }: Me): string | undefined => errors?.[0]?.extensions.code;

  it('signs in, works for the organisation, and signs out', async () => {
    await signIn(PERSON);
    await arrive();
    expect((await me()).data).toEqual({ me: { organisationId: probe.organisationId } });
    const [cookie] = (await context.cookies(probe.url)).filter(({ name }) => name === 'liaison');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', expires: -1 });
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.evaluate(() => fetch('/sign-out', { method: 'POST' }));
    expect(codeOf(await me())).toBe('UNAUTHENTICATED');
  });

  it('is signed out on the server too: a cookie that was copied is worth nothing', async () => {
    await signIn(PERSON);
    await arrive();
    const copied = await context.cookies(probe.url);
    await page.evaluate(() => fetch('/sign-out', { method: 'POST' }));
    await context.addCookies(copied);
    expect(codeOf(await me())).toBe('UNAUTHENTICATED');
  });

  it('types the password again after a wrong one', async () => {
    await signIn({ ...PERSON, password: 'wrong' });
    await expect(page.getByRole('alert').textContent()).resolves.toBe('The login or the password is wrong.');
    await page.getByLabel('Login').fill(PERSON.login);
    await page.getByLabel('Password').fill(PERSON.password);
    await page.keyboard.press('Enter');
    await arrive();
  });

  it('who is not registered here is told so, and has no session', async () => {
    await signIn(STRANGER);
    await page.waitForURL(/\/sign-in\/callback/);
    expect(await page.textContent('body')).toMatch(/not registered/);
    expect((await context.cookies(probe.url)).map(({ name }) => name)).not.toContain('liaison');
  });

  it('a page of another site cannot use the session', async () => {
    await signIn(PERSON);
    await arrive();
    expect(codeOf(await me({}))).toBe('UNAUTHENTICATED');
    const foreign = await context.request.post(`${probe.url}/graphql`, {
      headers: { 'content-type': 'application/json', 'x-liaison-console': '1', origin: 'https://elsewhere.example' },
      data: { query: '{ me { organisationId } }' },
    });
    expect(codeOf((await foreign.json()) as Me)).toBe('UNAUTHENTICATED');
  });

  it('nobody is signed in by a link: only the browser that began a sign-in ends it', async () => {
    // The attacker signs in, and keeps the last address instead of opening it.
    const attacker = context.request;
    const form = await attacker.get(`${probe.url}/sign-in`);
    const action = /action="([^"]+)"/.exec(await form.text())?.[1] ?? '';
    const typed = { login: PERSON.login, password: PERSON.password };
    const signedIn = await attacker.post(new URL(action, form.url()).href, { form: typed, maxRedirects: 0 });
    const resumed = await attacker.get(signedIn.headers()['location'] ?? '', { maxRedirects: 0 });
    const link = resumed.headers()['location'] ?? '';
    expect(link).toMatch(/\/sign-in\/callback\?code=/);
    const victim = await (await browser.newContext()).newPage();
    await victim.goto(link);
    expect(await victim.textContent('body')).toMatch(/has expired/);
    expect((await victim.context().cookies(probe.url)).map(({ name }) => name)).not.toContain('liaison');
  });

  it('is led back to a page of ours only', async () => {
    for (const to of ['https://elsewhere.example/', '//elsewhere.example/', '/\\elsewhere.example']) {
      await context.clearCookies();
      await signIn(PERSON, to);
      await page.waitForURL(`${probe.url}/`);
    }
  });

  it('is out after half an hour of silence, after a working day, and at once when the account is disabled', async () => {
    await signIn(PERSON);
    await arrive();
    const asOwner = (text: string): Promise<object[]> => probe.database.asOwner(text);
    await asOwner(`update platform.session set last_used_at = now() - interval '29 minutes'`);
    expect(codeOf(await me())).toBeUndefined();
    await asOwner(`update platform.session set last_used_at = now() - interval '31 minutes'`);
    expect(codeOf(await me())).toBe('UNAUTHENTICATED');
    await asOwner(`update platform.session set last_used_at = now(), created_at = now() - interval '9 hours'`);
    expect(codeOf(await me())).toBe('UNAUTHENTICATED');
    await asOwner(`update platform.session set last_used_at = now(), created_at = now()`);
    expect(codeOf(await me())).toBeUndefined();
    await asOwner(`update partners.staff set disabled_at = now()`);
    expect(codeOf(await me())).toBe('UNAUTHENTICATED');
    await asOwner(`update partners.staff set disabled_at = null`);
  });

  describe('of a whole hub', () => {
    let hub: TestHub;
    beforeAll(async () => {
      hub = await startTestHub();
    }, LAUNCH_TIMEOUT_MS);
    afterAll(() => hub.stop());

    it('arrives at a page that says for whom it is signed in, and signs out there', async () => {
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(hub.url);
      expect(await page.textContent('main')).toContain('Nobody is signed in');
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByLabel('Login').fill('counsellor');
      await page.getByLabel('Password').fill('counsellor');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL(`${hub.url}/`);
      expect((await page.textContent('main'))?.replace(/\s+/g, ' ')).toContain(
        'You are signed in for Department of Work, Ireland as counsellor.',
      );
      // The page's own style is not refused by its own policy.
      expect(await page.evaluate(`getComputedStyle(document.querySelector('main')).maxWidth`)).not.toBe('none');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('Nobody is signed in').waitFor();
      expect((await context.cookies(hub.url)).map(({ name }) => name)).not.toContain('liaison');
      expect(complaints).toEqual([]);
    });
  });
});
