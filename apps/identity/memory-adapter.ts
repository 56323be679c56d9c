import type { Adapter, AdapterPayload, ClientMetadata } from 'oidc-provider';

const ENTRIES_MAX = 50_000;
const store = new Map<string, { payload: AdapterPayload; expiresAt: number }>();
const grants = new Map<string, string[]>();

/** State of the development provider: in memory, bounded, gone with the process. Clients come from the hub's own table. */
export class MemoryAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly findClient: (id: string) => Promise<ClientMetadata | undefined>,
  ) {}

  private key(id: string): string {
    return `${this.model}:${id}`;
  }

  upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const oldest = store.size >= ENTRIES_MAX ? store.keys().next().value : undefined;
    if (oldest !== undefined) store.delete(oldest);
    store.set(this.key(id), { payload, expiresAt: Date.now() + (expiresIn || 3_600) * 1_000 });
    if (payload.grantId !== undefined)
      grants.set(payload.grantId, [...(grants.get(payload.grantId) ?? []), this.key(id)]);
    return Promise.resolve();
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.model === 'Client') return await this.findClient(id);
    const entry = store.get(this.key(id));
    return entry === undefined || entry.expiresAt < Date.now() ? undefined : entry.payload;
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.search((payload) => payload.uid === uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.search((payload) => payload.userCode === userCode));
  }

  private search(matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, { payload }] of store) if (key.startsWith(`${this.model}:`) && matches(payload)) return payload;
    return undefined;
  }

  consume(id: string): Promise<void> {
    const entry = store.get(this.key(id));
    if (entry !== undefined) entry.payload.consumed = Math.floor(Date.now() / 1_000);
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    store.delete(this.key(id));
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const key of grants.get(grantId) ?? []) store.delete(key);
    grants.delete(grantId);
    return Promise.resolve();
  }
}
