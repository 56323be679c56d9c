import type { FastifyRequest } from 'fastify';

/** What a browser keeps for us: the session, and the sign-in it has begun. */
export type CookieName = 'session' | 'sign-in';

/** `__Host-` binds a cookie to this very host over TLS; on loopback without TLS a browser would refuse that name. */
const nameOf = (publicUrl: string, cookie: CookieName): string =>
  `${publicUrl.startsWith('https:') ? '__Host-' : ''}liaison${cookie === 'session' ? '' : `-${cookie}`}`;

export function readCookie(request: FastifyRequest, publicUrl: string, cookie: CookieName): string | undefined {
  const wanted = nameOf(publicUrl, cookie);
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === wanted && value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** `Set-Cookie`; an empty value ends it. Without an age a browser keeps it until it is closed. */
export function setCookie(publicUrl: string, cookie: CookieName, value: string): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (publicUrl.startsWith('https:')) attributes.push('Secure');
  if (value === '') attributes.push('Max-Age=0');
  return [`${nameOf(publicUrl, cookie)}=${value}`, ...attributes].join('; ');
}
