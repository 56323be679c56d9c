import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CasesCore } from '#libs/cases/index.js';
import { DisclosureCore } from '#libs/disclosure/index.js';
import { OutcomesReactions, type RegisterUrls } from '#libs/outcomes/index.js';
import { PartnersCore } from '#libs/partners/index.js';
import { key, text } from '#libs/platform/config/config.js';
import { ReferralsCore } from '#libs/referrals/index.js';
import { SettlementReactions } from '#libs/settlement/index.js';
import { runProcess } from '../process.js';
import { TariffsModule } from '../tariffs.module.js';

/** Reactions of outcomes and settlement, and the questions to the registers. */
runProcess({
  name: 'outcomes',
  settings: {
    LIAISON_PAIRWISE_KEY: key(32),
    /** A JSON file: where the register of each authority is, by the authority's id. Without it evidence comes by the lower rungs. */
    LIAISON_REGISTERS: text({ fallback: '' }),
  },
  modules: (config, { platform }) => [
    DisclosureCore.forRoot(config.LIAISON_PAIRWISE_KEY),
    TariffsModule.forRoot(join(platform.schemaFolder, 'tariffs')),
    PartnersCore,
    ReferralsCore,
    CasesCore,
    OutcomesReactions.forRoot(registersOf(config.LIAISON_REGISTERS)),
    SettlementReactions,
  ],
});

function registersOf(file: string): RegisterUrls {
  return file === '' ? {} : (JSON.parse(readFileSync(file, 'utf8')) as RegisterUrls);
}
