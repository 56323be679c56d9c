import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** What one piece of work was, as a trace shows it. Attributes hold ids and codes only, never what somebody entered. */
export interface Traced {
  readonly name: string;
  readonly kind?: 'consumer' | 'producer' | 'server' | 'internal';
  readonly attributes?: Attributes;
  /** W3C `traceparent` of what caused the work, where that was elsewhere; otherwise it is the work that is under way here. */
  readonly cause?: string | undefined;
  /** Further causes, of work that has several. */
  readonly links?: readonly (string | null)[];
}

const KINDS = {
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
};
const SCOPE = 'liaison';
const propagator = new W3CTraceContextPropagator();

/** Sends the traces of this process to an OpenTelemetry collector (OTLP over HTTP). Before it is called, or without, nothing is recorded. */
export function startTracing(app: string, endpoint: string): { stop(): Promise<void> } {
  const exporter = new OTLPTraceExporter({ url: new URL('v1/traces', `${endpoint.replace(/\/$/, '')}/`).href });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `liaison-${app}` }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(propagator);
  trace.setGlobalTracerProvider(provider);
  return { stop: () => provider.shutdown() };
}

/** Runs the work as a span of its own; what the work starts in turn becomes part of it. */
export async function traced<Answer>(what: Traced, work: () => Promise<Answer>): Promise<Answer> {
  const parent = what.cause === undefined ? context.active() : contextOf(what.cause);
  const links = (what.links ?? []).flatMap((link) => {
    const linked = link === null ? undefined : trace.getSpanContext(contextOf(link));
    return linked === undefined ? [] : [{ context: linked }];
  });
  const options = { kind: KINDS[what.kind ?? 'internal'], attributes: what.attributes ?? {}, links };
  return trace.getTracer(SCOPE).startActiveSpan(what.name, options, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      // Messages of errors may repeat what somebody entered: the kind is enough here, the log has the rest.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      span.end();
    }
  });
}

const ID = /^(?:referral|claim|commitment|outcome|case|payable|contract)Id$/;

/** Ids of what a command or an event is about, by which its trace is found: `liaison.referralId` and the like. */
export function idsOf(data: unknown): Attributes {
  const entries = Object.entries((data ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    entries.flatMap(([name, value]) =>
      ID.test(name) && typeof value === 'string' ? [[`liaison.${name}`, value]] : [],
    ),
  );
}

/** The work that is under way here as W3C `traceparent`, or null where nothing is recorded. */
export function traceparent(): string | null {
  const carrier: Carrier = {};
  propagator.inject(context.active(), carrier, {
    set: (into: Carrier, name, value) => {
      if (name === 'traceparent') into.traceparent = value;
    },
  });
  return carrier.traceparent ?? null;
}

interface Carrier {
  traceparent?: string;
}

const contextOf = (cause: string): Context =>
  propagator.extract(
    context.active(),
    { traceparent: cause },
    {
      keys: () => ['traceparent'],
      get: (carrier: Carrier, name) => (name === 'traceparent' ? carrier.traceparent : undefined),
    },
  );
