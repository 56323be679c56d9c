import { join } from 'node:path';
import { CasesCore } from '#libs/cases/index.js';
import { DisclosureCore } from '#libs/disclosure/index.js';
import { OutcomesReactions, type RegisterUrls } from '#libs/outcomes/index.js';
import { PartnersCore } from '#libs/partners/index.js';
import { jsonFile, key } from '#libs/platform/config/config.js';
import { ReferralsCore } from '#libs/referrals/index.js';
import { SettlementReactions } from '#libs/settlement/index.js';
import { runProcess } from '../process.js';
import { TARIFF_SETTINGS, TariffsModule } from '../tariffs.module.js';

/** Reactions of outcomes and settlement, and the questions to the registers. */
runProcess({
  name: 'outcomes',
  settings: {
    LIAISON_PAIRWISE_KEY: key(32),
    /** A JSON file: where the register of each authority is, by the authority's id. Without it evidence comes by the lower rungs. */
    LIAISON_REGISTERS: jsonFile('the URL of each register by the id of its authority', registersIn, { fallback: {} }),
    ...TARIFF_SETTINGS,
  },
  modules: (config, { platform }) => [
    DisclosureCore.forRoot(config.LIAISON_PAIRWISE_KEY),
    TariffsModule.forRoot(join(platform.schemaFolder, 'tariffs'), config.LIAISON_DRAFT_TARIFFS, platform.logger),
    PartnersCore,
    ReferralsCore,
    CasesCore,
    OutcomesReactions.forRoot(config.LIAISON_REGISTERS),
    SettlementReactions,
  ],
});

function registersIn(json: unknown): RegisterUrls | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const isUrl = (value: unknown): boolean =>
    typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? '');
  return Object.values(json).every(isUrl) ? (json as RegisterUrls) : undefined;
}
