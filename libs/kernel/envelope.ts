/**
 * A CloudEvents 1.0 envelope as it stands in the log: ids, codes, dates and amounts only, never names, contacts, health or
 * free text (whoever may see those asks the API).
 */
export interface Envelope<Type extends string = string, Data = unknown> {
  readonly specversion: '1.0';
  /** UUIDv7; the inbox key. */
  readonly id: string;
  /** `liaison.<capability>.<happened>.v<major>`, for example `liaison.referral.accepted.v1`. */
  readonly type: Type;
  /** The capability that publishes, for example `/referrals`. */
  readonly source: string;
  /** The aggregate's id: the record key; order holds within it. */
  readonly subject: string;
  /** Business time of the transaction, RFC 3339. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly dataschema?: string;
  readonly traceparent?: string;
  readonly data: Data;
}
