import type { Disclosure } from '#libs/disclosure/index.js';

export class DeliveryServices {
  constructor(readonly disclosure: Disclosure) {}
}
