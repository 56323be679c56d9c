import { join } from 'node:path';
import { CasesReactions } from '#libs/cases/index.js';
import { DeliveriesReactions } from '#libs/deliveries/index.js';
import { DisclosureCore } from '#libs/disclosure/index.js';
import { PartnersCore } from '#libs/partners/index.js';
import { key } from '#libs/platform/config/config.js';
import { ReferralsReactions } from '#libs/referrals/index.js';
import { runProcess } from '../process.js';
import { TARIFF_SETTINGS, TariffsModule } from '../tariffs.module.js';

/** Reactions of referrals, cases and the partners' change feed. */
runProcess({
  name: 'referrals',
  settings: { LIAISON_PAIRWISE_KEY: key(32), ...TARIFF_SETTINGS },
  modules: (config, { platform }) => [
    DisclosureCore.forRoot(config.LIAISON_PAIRWISE_KEY),
    TariffsModule.forRoot(join(platform.schemaFolder, 'tariffs'), config.LIAISON_DRAFT_TARIFFS, platform.logger),
    PartnersCore,
    ReferralsReactions,
    CasesReactions,
    DeliveriesReactions,
  ],
});
