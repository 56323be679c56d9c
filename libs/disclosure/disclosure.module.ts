import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Disclosure } from './disclosure.js';
import { AccessLogResolver } from './inbound/access-log.resolver.js';

@Global()
@Module({})
export class DisclosureCore {
  /** @param pairwiseKey the key of pairwise ids, from a file. */
  static forRoot(pairwiseKey: Buffer): DynamicModule {
    return {
      module: DisclosureCore,
      providers: [{ provide: Disclosure, useValue: new Disclosure(pairwiseKey) }],
      exports: [Disclosure],
    };
  }
}

@Module({ providers: [AccessLogResolver] })
export class DisclosureApi {}
