import type { FastifyRequest } from 'fastify';

/** `__Host-` binds the cookie to this very host over TLS; on loopback without TLS a browser would refuse that name. */
const SECURE_NAME = '__Host-liaison';
const LOOPBACK_NAME = 'liaison-session';

const isSecure = (publicUrl: string): boolean => publicUrl.startsWith('https:');

export function readCookie(request: FastifyRequest): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if ((name === SECURE_NAME || name === LOOPBACK_NAME) && value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** `Set-Cookie` for a session; an empty value ends it. */
export function sessionCookie(publicUrl: string, value: string): string {
  const secure = isSecure(publicUrl);
  return `${secure ? SECURE_NAME : LOOPBACK_NAME}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${value === '' ? '; Max-Age=0' : ''}`;
}
