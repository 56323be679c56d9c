import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { Envelope } from '#libs/kernel/index.js';

/** A row of the outbox, named as Debezium's outbox router has it. */
export interface OutboxRow {
  readonly position: bigint;
  readonly id: string;
  readonly aggregatetype: string;
  readonly aggregateid: string;
  readonly type: string;
  /** JSON text. */
  readonly payload: string;
  readonly partition: number;
  readonly time: Date;
  readonly traceparent: string | null;
}

/** CloudEvents 1.0, Kafka protocol binding, binary mode: attributes are headers, the value is the data. */
export function toMessage(row: OutboxRow): Message {
  return {
    key: row.aggregateid,
    partition: row.partition,
    value: row.payload,
    headers: {
      ce_specversion: '1.0',
      ce_id: row.id,
      ce_type: row.type,
      ce_source: `/${row.aggregatetype}`,
      ce_subject: row.aggregateid,
      ce_time: row.time.toISOString(),
      'content-type': 'application/json',
      ...(row.traceparent === null ? {} : { ce_traceparent: row.traceparent }),
    },
  };
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The envelope, or undefined for what is no CloudEvent of ours: nothing can ever react to it. */
export function toEnvelope(message: KafkaMessage): Envelope | undefined {
  const header = (name: string): string | undefined => textOf(message.headers?.[name]);
  const id = header('ce_id');
  const type = header('ce_type');
  const subject = header('ce_subject');
  const time = header('ce_time');
  const traceparent = header('ce_traceparent');
  const data = parse(message.value);
  if (id === undefined || !ID.test(id) || type === undefined || subject === undefined || time === undefined) return;
  if (header('ce_specversion') !== '1.0' || data === undefined) return;
  const source = message.headers?.['ce_source'] === undefined ? '' : header('ce_source');
  if (source === undefined) return;
  return {
    specversion: '1.0',
    id,
    type,
    source,
    subject,
    time,
    datacontenttype: 'application/json',
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  };
}

function textOf(value: IHeaders[string] | null): string | undefined {
  // kafkajs hands out a header without a value as null, other than its types say.
  if (value === undefined || value === null || Array.isArray(value)) return undefined;
  const text = value.toString();
  return isKeepable(text) ? text : undefined;
}

function parse(value: Buffer | null): unknown {
  if (value === null) return undefined;
  try {
    const data = JSON.parse(value.toString('utf8')) as unknown;
    return isKeepable(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Values in values. An event of ours has three or four; what has thousands cannot even be written down again. */
const DEPTH_MAX = 32;

/**
 * PostgreSQL keeps neither U+0000 nor half a surrogate pair, and what is nested too deeply nobody keeps: it could never be handled, nor put
 * aside.
 */
function isKeepable(data: unknown, depth = 0): boolean {
  if (typeof data === 'string') return data.isWellFormed() && !data.includes('\0');
  if (typeof data !== 'object' || data === null) return true;
  if (depth >= DEPTH_MAX) return false;
  return Object.entries(data).every(([name, value]) => isKeepable(name) && isKeepable(value, depth + 1));
}
