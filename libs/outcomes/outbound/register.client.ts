import { HubError, localDate } from '#libs/kernel/index.js';
import { CircuitBreaker } from '#libs/platform/http/circuit-breaker.js';
import { CONTRACT_TYPES, type ContractType, type RegisterAnswer } from '../contract/outcome.js';
import { employerRef } from '../domain/spell.js';
import type { FeedPage, Register, RegisterRequest, Registers } from '../handlers/ports.js';

/**
 * Base URL of the register of each authority, by the authority's id. Questions go to `<url>/persons/<nationalId>/employment`, the
 * feed is `<url>/spells/changes`.
 */
export type RegisterUrls = Readonly<Record<string, string>>;

export interface RegisterLimits {
  readonly timeoutMs: number;
  /** Calls after which the share of failures is looked at. */
  readonly volumeMin: number;
  readonly failuresMaxPercent: number;
  /** How long an open breaker spares the register before it lets one call try. */
  readonly openMs: number;
}

const LIMITS: RegisterLimits = { timeoutMs: 5_000, volumeMin: 5, failuresMaxPercent: 50, openMs: 30_000 };
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const CHANGES_MAX = 1_000;

/** The registers of all authorities: one breaker each, so that a register in trouble does not silence the others. */
export class HttpRegisters implements Registers {
  private readonly registers: ReadonlyMap<string, HttpRegister>;

  constructor(urls: RegisterUrls, limits: RegisterLimits = LIMITS) {
    this.registers = new Map(
      Object.entries(urls).map(([authorityId, url]) => [authorityId, new HttpRegister(authorityId, url, limits)]),
    );
  }

  of(authorityId: string): Register | undefined {
    return this.registers.get(authorityId);
  }

  get authorityIds(): readonly string[] {
    return [...this.registers.keys()];
  }

  /** Ends the breakers' timers. */
  shutdown(): void {
    for (const register of this.registers.values()) register.shutdown();
  }
}

/** One register over HTTP: each call has an end, and after too many failures none is made for a while. */
class HttpRegister implements Register {
  private readonly breaker: CircuitBreaker<[URL]>;

  constructor(
    authorityId: string,
    private readonly baseUrl: string,
    limits: RegisterLimits,
  ) {
    this.breaker = new CircuitBreaker((url: URL) => getJson(url, limits.timeoutMs), {
      // The request ends itself by its signal; the breaker's own timeout would leave it running.
      timeout: false,
      name: authorityId,
      volumeThreshold: limits.volumeMin,
      errorThresholdPercentage: limits.failuresMaxPercent,
      resetTimeout: limits.openMs,
      // A register that refuses a question is not out of order.
      errorFilter: (error: unknown) => error instanceof HubError && !error.retriable,
    });
  }

  async ask(request: RegisterRequest): Promise<RegisterAnswer> {
    const { nationalId, question, from, to, asOf, employerRef: employer } = request;
    const query = { question, from, to, asOf, ...(employer === null ? {} : { employer }) };
    return answerOf(await this.get(`persons/${encodeURIComponent(nationalId)}/employment`, query));
  }

  async changes(page: {
    readonly after: string;
    readonly asOf: string;
    readonly nationalId?: string;
  }): Promise<FeedPage> {
    return pageOf(await this.get('spells/changes', { ...page }));
  }

  shutdown(): void {
    this.breaker.shutdown();
  }

  private async get(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const url = new URL(`${this.baseUrl.replace(/\/$/, '')}/${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    try {
      return await this.breaker.fire(url);
    } catch (error) {
      if (error instanceof HubError) throw error;
      throw unavailable(this.breaker.opened ? 'BREAKER_OPEN' : 'NO_ANSWER', error);
    }
  }
}

const unavailable = (why: string, cause?: unknown): HubError =>
  new HubError('register.unavailable', 'The register does not answer as it should.', {
    retriable: true,
    facts: { why },
    cause,
  });

/** The address is personal data (it names a person): it never goes into an error or a log. */
async function getJson(url: URL, timeoutMs: number): Promise<unknown> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: 'application/json' },
  });
  if (response.status === 422) {
    await response.body?.cancel();
    throw new HubError('register.question', 'The register does not answer this question.');
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw unavailable(`HTTP_${String(response.status)}`);
  }
  const text = await textOf(response);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unavailable('NOT_JSON', error);
  }
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += (part as Uint8Array).length;
    if (bytes > ANSWER_BYTES_MAX) throw unavailable('TOO_LONG');
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
}

const ANSWERS: Readonly<Record<string, RegisterAnswer>> = { yes: 'YES', no: 'NO', unknown: 'UNKNOWN' };

function answerOf(body: unknown): RegisterAnswer {
  const answer = ANSWERS[textIn(objectIn(body), 'answer')];
  if (answer === undefined) throw unavailable('NO_SUCH_ANSWER');
  return answer;
}

function pageOf(body: unknown): FeedPage {
  const page = objectIn(body);
  const changes = page['changes'];
  if (!Array.isArray(changes) || changes.length > CHANGES_MAX || typeof page['hasMore'] !== 'boolean') {
    throw unavailable('NOT_A_PAGE');
  }
  return { changes: changes.map(changeOf), cursor: textIn(page, 'cursor'), hasMore: page['hasMore'] };
}

/** Reads one change as the register writes it. What is not as agreed stops the page: nothing of it is taken. */
function changeOf(body: unknown): FeedPage['changes'][number] {
  const row = objectIn(body);
  const contractType = textIn(row, 'contractType') as ContractType;
  const revision = row['revision'];
  if (!CONTRACT_TYPES.includes(contractType) || typeof revision !== 'number' || !Number.isSafeInteger(revision)) {
    throw unavailable('NOT_A_CHANGE');
  }
  const months = row['contractMonths'];
  return {
    nationalId: textIn(row, 'nationalId'),
    registerRef: textIn(row, 'ref'),
    revision,
    withdrawn: row['withdrawn'] === true,
    employerName: textOrNull(row, 'employerName'),
    spell: {
      startedOn: localDate(textIn(row, 'startedOn')),
      endedOn: row['endedOn'] === null ? null : localDate(textIn(row, 'endedOn')),
      contractType,
      contractMonths: typeof months === 'number' && Number.isSafeInteger(months) ? months : null,
      weeklyHours: numberIn(textIn(row, 'weeklyHours')),
      normalHoursShare: row['normalHoursShare'] === null ? null : numberIn(textIn(row, 'normalHoursShare')),
      insured: row['insured'] === true,
      employerRef: employerRef(textIn(row, 'employerNumber')),
    },
  };
}

function objectIn(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw unavailable('NOT_AN_OBJECT');
  return body as Readonly<Record<string, unknown>>;
}

function textIn(row: Readonly<Record<string, unknown>>, name: string): string {
  const value = row[name];
  if (typeof value !== 'string' || value.length > 200) throw unavailable(`NO_${name.toUpperCase()}`);
  return value;
}

const textOrNull = (row: Readonly<Record<string, unknown>>, name: string): string | null =>
  row[name] == null ? null : textIn(row, name);

function numberIn(text: string): string {
  if (!/^\d{1,12}(\.\d{1,12})?$/.test(text)) throw unavailable('NOT_A_NUMBER');
  return text;
}
