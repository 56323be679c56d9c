import { createHash } from 'node:crypto';

const STYLE = `body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 0; background: #f4f6f8; color: #16202a; }
main { max-width: 34rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: .5rem; box-shadow: 0 1px 4px #0002; }
a { color: #0b5394; }
a.action, button { display: inline-block; margin-top: 1rem; padding: .7rem 1.5rem; font: inherit; font-weight: 600; color: #fff; background: #0b5394; border: 0; border-radius: .25rem; text-decoration: none; }
code { background: #eef1f4; padding: .1rem .3rem; border-radius: .2rem; }
:focus-visible { outline: 3px solid #e8a400; outline-offset: 2px; }`;

/** The page's own style and nothing else: no script, no foreign asset, forms to ourselves alone. */
export const HOME_POLICY = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** Whom the page greets. */
export interface Visitor {
  readonly organisation: string;
  readonly roles: readonly string[];
}

/** Where a sign-in leads while there is no console: who is signed in, and what can be done. */
export const homePage = (visitor: Visitor | undefined): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Liaison</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Liaison</h1>
${visitor === undefined ? STRANGER : greeting(visitor)}
</main>
</body>
</html>`;

const STRANGER = `<p>Nobody is signed in at this browser.</p>
<a class="action" href="/sign-in">Sign in</a>`;

const greeting = ({
  organisation,
  roles,
}: Visitor): string => `<p>You are signed in for <strong>${escaped(organisation)}</strong>
as ${escaped(roles.map(wordsOf).join(', '))}.</p>
<p>There is no console yet: the hub is worked with over GraphQL, by <code>POST /graphql</code> with this session's cookie and the
header <code>x-liaison-console</code>. The partner's guide (<code>docs/partners.md</code>) shows the first steps.</p>
<form method="post" action="/sign-out"><button type="submit">Sign out</button></form>`;

const wordsOf = (role: string): string => role.toLowerCase().replaceAll('_', ' ');

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
