import { Module } from '@nestjs/common';
import { Disclosure } from '#libs/disclosure/index.js';
import { EventSchemas } from '#libs/platform/events/event-schemas.js';
import { Subscriptions } from '#libs/platform/events/subscriptions.js';
import { isFed } from './domain/recipients.js';
import { DeliveryServices } from './handlers/services.js';
import { ChangesResolver } from './inbound/changes.resolver.js';
import { noteChangeWhenSomethingHappened } from './inbound/note-change-when-something-happened.reaction.js';

@Module({
  providers: [
    ChangesResolver,
    {
      provide: DeliveryServices,
      useFactory: (disclosure: Disclosure) => new DeliveryServices(disclosure),
      inject: [Disclosure],
    },
  ],
})
export class DeliveriesApi {}

@Module({})
export class DeliveriesReactions {
  constructor(subscriptions: Subscriptions, schemas: EventSchemas) {
    subscriptions.add({
      group: 'deliveries',
      reactions: [noteChangeWhenSomethingHappened(schemas.types.filter(isFed))],
    });
  }
}
