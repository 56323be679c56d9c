import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

export interface HttpOptions {
  /** Where callers reach us, for example https://liaison.example. Over https browsers are told to stay there. */
  readonly publicUrl: string;
  /** Of a proxy in front of us, whose word on the caller's address counts; none by default. */
  readonly trustedProxies?: readonly string[];
}

/** Time for a request to arrive as a whole: a slow sender does not hold a connection. */
const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const HEADER_BYTES_MAX = 16_384;
/** Of routes that do not say otherwise. */
const BODY_BYTES_MAX = 262_144;
/** Requests under way when we are asked to stop may end within this time. */
const STOP_GRACE_MS = 10_000;

/** What a browser may do with an answer of ours; a route that serves pages sets its own policy first. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};
const STAY_ON_TLS = 'max-age=31536000; includeSubDomains';

/** A Nest application on Fastify with limits on what arrives and headers on what leaves; it does not listen yet. */
export async function createHttpApp(
  module: Type | DynamicModule,
  options: HttpOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: HEADER_BYTES_MAX },
    forceCloseConnections: 'idle',
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false, abortOnError: false });
  const headers = options.publicUrl.startsWith('https:')
    ? { ...SECURITY_HEADERS, 'strict-transport-security': STAY_ON_TLS }
    : SECURITY_HEADERS;
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (_request, reply, _payload, done) => {
      for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value);
      // While we stop, a connection ends with the request it carries; kept alive it would hold us up.
      if (!reply.server.server.listening) reply.header('connection', 'close');
      done();
    });
  return app;
}

/** Ends the application: no new requests, those under way finish within the grace, then their connections are cut. */
export async function stopHttpApp(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const impatience = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(impatience);
  }
}
