import type { Adapter, AdapterPayload, ClientMetadata } from 'oidc-provider';

const ENTRIES_MAX = 50_000;
const AGE_DEFAULT_S = 3_600;

type FindClient = (id: string) => Promise<ClientMetadata | undefined>;

/** State of one development provider: in memory, bounded, gone with the process. */
class MemoryStore {
  readonly entries = new Map<string, { readonly payload: AdapterPayload; readonly expiresAt: number }>();
  readonly grants = new Map<string, string[]>();

  put(key: string, payload: AdapterPayload, expiresInS: number): void {
    const oldest = this.entries.size >= ENTRIES_MAX ? this.entries.keys().next().value : undefined;
    if (oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(key, { payload, expiresAt: Date.now() + (expiresInS || AGE_DEFAULT_S) * 1_000 });
    if (payload.grantId === undefined) return;
    this.grants.set(payload.grantId, [...(this.grants.get(payload.grantId) ?? []), key]);
  }

  get(key: string): AdapterPayload | undefined {
    const entry = this.entries.get(key);
    return entry === undefined || entry.expiresAt < Date.now() ? undefined : entry.payload;
  }
}

/** Makes the adapters of one provider; clients are not its own, they come from the hub's table. */
export function memoryAdapters(findClient: FindClient): (model: string) => Adapter {
  const store = new MemoryStore();
  return (model) => new MemoryAdapter(model, store, findClient);
}

class MemoryAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly store: MemoryStore,
    private readonly findClient: FindClient,
  ) {}

  private key(id: string): string {
    return `${this.model}:${id}`;
  }

  upsert(id: string, payload: AdapterPayload, expiresInS: number): Promise<void> {
    this.store.put(this.key(id), payload, expiresInS);
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.model === 'Client' ? this.findClient(id) : Promise.resolve(this.store.get(this.key(id)));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.search((payload) => payload.uid === uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.search((payload) => payload.userCode === userCode));
  }

  private search(matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, { payload }] of this.store.entries)
      if (key.startsWith(`${this.model}:`) && matches(payload)) return payload;
    return undefined;
  }

  consume(id: string): Promise<void> {
    const payload = this.store.get(this.key(id));
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1_000);
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    this.store.entries.delete(this.key(id));
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const key of this.store.grants.get(grantId) ?? []) this.store.entries.delete(key);
    this.store.grants.delete(grantId);
    return Promise.resolve();
  }
}
