const page = (content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in – Liaison</title>
<style>
body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 0; background: #f4f6f8; color: #16202a; }
main { max-width: 24rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: .5rem; box-shadow: 0 1px 4px #0002; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input { width: 100%; box-sizing: border-box; padding: .6rem; font: inherit; border: 2px solid #5a6b7b; border-radius: .25rem; }
button { margin-top: 1.5rem; width: 100%; padding: .7rem; font: inherit; font-weight: 600; color: #fff; background: #0b5394; border: 0; border-radius: .25rem; }
:focus-visible { outline: 3px solid #e8a400; outline-offset: 2px; }
[role=alert] { margin-top: 1rem; padding: .6rem; border-left: .3rem solid #b3261e; background: #fdecea; }
</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>`;

/** The sign-in page of the development provider. The interaction's id is the provider's own; nothing a user sent is shown. */
export const loginPage = (uid: string, problem?: string): string =>
  page(`<h1>Sign in to Liaison</h1>
${problem === undefined ? '' : `<p role="alert">${problem}</p>`}
<form method="post" action="/interaction/${uid}">
<label for="login">Login</label><input id="login" name="login" autocomplete="username" required autofocus>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>`);

/** What a person sees whose sign-in cannot go on. */
export const errorPage = (): string =>
  page(`<h1>This sign-in cannot go on</h1>
<p>It has expired, or the address is not complete. Go back to Liaison and begin again.</p>`);
