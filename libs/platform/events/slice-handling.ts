import { createHash } from 'node:crypto';
import { HubError, type Envelope } from '#libs/kernel/index.js';
import type { HubPrincipal } from '../auth/principal.js';
import type { Tx } from '../postgres/transaction.js';
import type { UnitOfWork } from '../postgres/unit-of-work.js';
import type { Reaction, Subscription } from './event-log.js';
import { idsOf, traced } from '../telemetry/tracing.js';
import { isTransient } from './failure.js';
import { claimInbox, claimInboxOf, isHeld, keepUnhandled, queuedKeys, type Unhandled } from './unhandled.store.js';

/** Tries of one event before its key is parked. */
const ATTEMPTS_MAX = 3;

/**
 * Lets one member at a time work on a partition. One that lost it without knowing would otherwise put an event aside between the
 * moment at which its successor asks what is held and the one at which it handles the next event of that key.
 */
export type Fence = (tx: Tx) => Promise<unknown>;

/** What a group does with events, wherever they come from: effects and inbox rows in one transaction, parked keys, dead letters. */
export class SliceHandling {
  readonly principal: HubPrincipal;
  private readonly types: ReadonlySet<string>;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    readonly subscription: Subscription,
  ) {
    this.principal = { kind: 'reaction', actorId: subscription.group };
    this.types = new Set(subscription.reactions.flatMap((reaction) => reaction.types));
  }

  concerns(type: string): boolean {
    return this.types.has(type);
  }

  /** Every event of the slice in the caller's transaction, in order. Throws what a reaction throws. */
  async together(tx: Tx, now: Date, events: readonly Envelope[]): Promise<void> {
    const concerned = events.filter((event) => this.concerns(event.type));
    if (concerned.length === 0) return;
    const waiting = await queuedKeys(tx, this.subscription.group, [
      ...new Set(concerned.map((event) => event.subject)),
    ]);
    const claimed = await this.claim(
      tx,
      concerned.filter((event) => !waiting.has(event.subject)),
    );
    for (const event of concerned) {
      for (const reaction of this.reactionsTo(event)) {
        // Later events of a parked key queue behind it; other keys flow on.
        if (waiting.has(event.subject)) {
          await this.queue(tx, reaction, event);
          // Taken out of the set: the log may hold the same event twice in one slice.
        } else if (claimed.get(reaction)?.delete(event.id) === true) await inTrace(tx, reaction, event, now);
      }
    }
  }

  /** The events that each reaction has not handled before. */
  private async claim(tx: Tx, events: readonly Envelope[]): Promise<Map<Reaction, Set<string>>> {
    const claimed = new Map<Reaction, Set<string>>();
    for (const reaction of this.subscription.reactions) {
      const ids = events.filter((event) => reaction.types.includes(event.type)).map((event) => event.id);
      claimed.set(reaction, await claimInboxOf(tx, reaction.name, ids));
    }
    return claimed;
  }

  /**
   * One event that fails: each of its reactions runs alone, so that only the culprit's effect is kept for later. Rethrows the cause
   * where nothing reacts to the event, because it is not the event's fault then.
   */
  async apart(event: Envelope, cause: unknown, fence: Fence): Promise<void> {
    const reactions = this.reactionsTo(event);
    if (reactions.length === 0) throw cause;
    for (const reaction of reactions) await this.alone(reaction, event, fence);
  }

  /** Tried a few times if it may pass, then its key is parked; what can never pass is dead at once. */
  private async alone(reaction: Reaction, event: Envelope, fence: Fence): Promise<void> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        await this.unitOfWork.transaction(this.principal, async (tx, now) => {
          await fence(tx);
          // It may have failed for another reason than itself, and must not overtake what waits before it.
          if (await isHeld(tx, this.subscription.group, event)) await this.queue(tx, reaction, event);
          else await react(tx, reaction, event, now);
        });
        return;
      } catch (error) {
        if (isTransient(error) && attempts < ATTEMPTS_MAX) continue;
        const state = isTransient(error) ? 'PARKED' : 'DEAD';
        await this.unitOfWork.transaction(this.principal, async (tx) => {
          await fence(tx);
          await keepUnhandled(tx, this.unhandled(reaction, event, state, attempts, causeOf(error)));
        });
        return;
      }
    }
  }

  private queue(tx: Tx, reaction: Reaction, event: Envelope): Promise<void> {
    return keepUnhandled(tx, this.unhandled(reaction, event, 'QUEUED', 0, 'waits behind an earlier event of its key'));
  }

  /** A dead letter for what is no event: it has no id of its own, so its place in the log stands for one. Once, however often it comes. */
  async unreadable(tx: Tx, place: string): Promise<void> {
    const { group } = this.subscription;
    await keepUnhandled(tx, {
      group,
      reaction: `read-${group}`,
      eventId: idOf(`${group}/${place}`),
      key: place,
      state: 'DEAD',
      attempts: 0,
      cause: 'is no event of ours',
      envelope: null,
    });
  }

  private reactionsTo(event: Envelope): readonly Reaction[] {
    return this.subscription.reactions.filter((candidate) => candidate.types.includes(event.type));
  }

  private unhandled(
    reaction: Reaction,
    event: Envelope,
    state: Unhandled['state'],
    attempts: number,
    cause: string,
  ): Unhandled {
    const { group } = this.subscription;
    return {
      group,
      reaction: reaction.name,
      eventId: event.id,
      key: event.subject,
      state,
      attempts,
      cause,
      envelope: event,
    };
  }
}

/** A UUID (version 8) that follows from a text. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The effect of an event, once however often it comes. */
export async function react(tx: Tx, reaction: Reaction, event: Envelope, now: Date): Promise<void> {
  if (await claimInbox(tx, reaction.name, event.id)) await inTrace(tx, reaction, event, now);
}

/** What a reaction does is a part of the trace of what published the event. */
const inTrace = (tx: Tx, reaction: Reaction, event: Envelope, now: Date): Promise<void> =>
  traced(
    {
      name: reaction.name,
      kind: 'consumer',
      cause: event.traceparent,
      attributes: {
        'liaison.event.id': event.id,
        'liaison.event.type': event.type,
        'liaison.event.subject': event.subject,
        ...idsOf(event.data),
      },
    },
    () => reaction.handle(tx, event, now),
  );

/** Codes and messages of our own errors; of others only what kind they are, since their text may carry data. */
export function causeOf(error: unknown): string {
  if (error instanceof HubError) return `${error.code}: ${error.message}`;
  const database = (error as { driverError?: { code?: string } } | null)?.driverError?.code;
  if (database !== undefined) return `database error ${database}`;
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 500) : 'unknown error';
}
