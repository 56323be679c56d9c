import { Injectable } from '@nestjs/common';
import type { Subscription } from './event-log.js';

/** Every capability's reactions in this process; each reactions module adds its own when it is mounted. */
@Injectable()
export class Subscriptions {
  private readonly list: Subscription[] = [];

  add(subscription: Subscription): void {
    if (this.list.some(({ group }) => group === subscription.group))
      throw new Error(`The group ${subscription.group} is mounted twice.`);
    const names = subscription.reactions.map((reaction) => reaction.name);
    if (new Set(names).size !== names.length) throw new Error(`Two reactions of ${subscription.group} have one name.`);
    this.list.push(subscription);
  }

  all(): readonly Subscription[] {
    return this.list;
  }
}
