import type { Admin } from 'kafkajs';
import type { Lag } from '../lag.js';
import { groupOf, type KafkaSettings } from './client.js';
import type { GroupConsumer } from './consumer.js';

/** A question to the cluster that it may answer later. */
const ASK_ATTEMPTS_MAX = 50;
const ASK_AGAIN_MS = 200;

/** Where something waits: a partition, of one group, and the first of its messages that the group has not handled. */
interface Place {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly next: bigint;
  readonly behind: number;
}

/** What waits on Kafka for the groups of one process: how much, how long, and whether it moves. */
export class Backlog {
  /** What was first in a place when we last looked, and since when it has been. */
  private standing = new Map<string, { readonly next: bigint; readonly since: number }>();

  constructor(
    private readonly admin: Admin,
    private readonly settings: KafkaSettings,
    private readonly consumers: readonly GroupConsumer[],
  ) {}

  async isEmpty(): Promise<boolean> {
    return (await this.places()).length === 0;
  }

  /** Events behind, and the age of the oldest that waits, for each group. */
  async lag(): Promise<Lag[]> {
    const places = await this.places();
    return Promise.all(
      this.consumers.map(async ({ subscription: { group } }) => {
        const own = places.filter((place) => place.group === group);
        const behind = own.reduce((sum, place) => sum + place.behind, 0);
        return { group, behind, oldestAgeMs: behind === 0 ? 0 : await oldestAge((ageMs) => this.isOlder(own, ageMs)) };
      }),
    );
  }

  /** Was what is first in each place something else `withinMs` ago? Asked now and then, it remembers what it saw. */
  async moves(withinMs: number): Promise<boolean> {
    const now = Date.now();
    const seen = (await this.places()).map(({ group, topic, partition, next }) => {
      const place = `${group}/${topic}/${partition}`;
      const before = this.standing.get(place);
      return [place, before?.next === next ? before : { next, since: now }] as const;
    });
    this.standing = new Map(seen);
    return seen.every(([, { since }]) => now - since < withinMs);
  }

  /** What stood still while nothing could move begins anew. */
  forget(): void {
    this.standing.clear();
  }

  private async places(): Promise<Place[]> {
    const all = await Promise.all(this.consumers.map((consumer) => this.placesOf(consumer)));
    return all.flat();
  }

  private async placesOf({ subscription: { group }, topics }: GroupConsumer): Promise<Place[]> {
    const groupId = groupOf(this.settings, group);
    const committed = await patiently(() => this.admin.fetchOffsets({ groupId, topics: [...topics] }));
    const places = await Promise.all(
      committed.map(async ({ topic, partitions }) => {
        const handled = new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
        const kept = await patiently(() => this.admin.fetchTopicOffsets(topic));
        return kept.map(({ partition, high, low }) => {
          // What was never committed is -1; what was deleted since (retention) waits for nobody.
          const known = handled.get(partition) ?? -1n;
          const next = known < BigInt(low) ? BigInt(low) : known;
          return { group, topic, partition, next, behind: Number(BigInt(high) - next) };
        });
      }),
    );
    return places.flat().filter(({ behind }) => behind > 0);
  }

  /** Does an event wait in one of these places that came to Kafka longer ago? */
  private async isOlder(places: readonly Place[], ageMs: number): Promise<boolean> {
    const at = Date.now() - ageMs;
    const answers = await Promise.all(
      [...Map.groupBy(places, ({ topic }) => topic)].map(async ([topic, own]) => {
        const since = await patiently(() => this.admin.fetchTopicOffsetsByTimestamp(topic, at));
        const firstSince = new Map(since.map(({ partition, offset }) => [partition, BigInt(offset)]));
        return own.some(({ partition, next }) => (firstSince.get(partition) ?? next) > next);
      }),
    );
    return answers.includes(true);
  }
}

const AGE_FIRST_MS = 1_000;
const AGE_MAX_MS = 90 * 24 * 3_600_000;
const AGE_HALVINGS = 4;

/**
 * At least how old what waits is, to about a sixteenth: Kafka answers from which offset on messages are younger than an age, so the
 * age is looked for. Below a second it takes one question. Told by the broker, it outlives a restart and is the same for everybody.
 */
async function oldestAge(isOlder: (ageMs: number) => Promise<boolean>): Promise<number> {
  let [atLeast, atMost] = [0, AGE_FIRST_MS];
  while (atMost < AGE_MAX_MS && (await isOlder(atMost))) [atLeast, atMost] = [atMost, atMost * 2];
  for (let halving = 0; atLeast > 0 && halving < AGE_HALVINGS; halving += 1) {
    const middle = Math.round((atLeast + atMost) / 2);
    if (await isOlder(middle)) atLeast = middle;
    else atMost = middle;
  }
  return atLeast;
}

/** kafkajs' admin does not repeat what a coordinator that is loading or has moved could not answer, though it says that it may. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt >= ASK_ATTEMPTS_MAX || (error as { retriable?: unknown } | null)?.retriable !== true) throw error;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}
