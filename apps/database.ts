import type { MigrationInterface } from 'typeorm';
import { Vacancies2026112300500 } from '#libs/vacancies/outbound/migrations/0500-vacancies.js';
import { Vacancies2026112300510 } from '#libs/vacancies/outbound/migrations/0510-placements.js';
import { Books2026112300800 } from '#libs/books/outbound/migrations/0800-books.js';
import { Cases2026112300400 } from '#libs/cases/outbound/migrations/0400-cases.js';
import { Deliveries2026112300900 } from '#libs/deliveries/outbound/migrations/0900-deliveries.js';
import { Disclosure2026112300200 } from '#libs/disclosure/outbound/migrations/0200-disclosure.js';
import { Outcomes2026112300600 } from '#libs/outcomes/outbound/migrations/0600-outcomes.js';
import { Outcomes2026112300610 } from '#libs/outcomes/outbound/migrations/0610-evidence.js';
import { OutcomeEntity } from '#libs/outcomes/outbound/outcome.entity.js';
import { Partners2026112300100 } from '#libs/partners/outbound/migrations/0100-partners.js';
import { Partners2026112300110 } from '#libs/partners/outbound/migrations/0110-registrars.js';
import { PlatformAuth2026112300030 } from '#libs/platform/auth/migrations/0030-auth.js';
import { PlatformClock2026112300050 } from '#libs/platform/clock/migrations/0050-clock.js';
import { PlatformEvents2026112300020 } from '#libs/platform/events/migrations/0020-events.js';
import { PlatformJobs2026112300040 } from '#libs/platform/jobs/migrations/0040-jobs.js';
import { PlatformKeptAnswers2026112300060 } from '#libs/platform/postgres/migrations/0060-kept-answers.js';
import { Platform2026112300010 } from '#libs/platform/postgres/migrations/0010-platform.js';
import { Referrals2026112300300 } from '#libs/referrals/outbound/migrations/0300-referrals.js';
import { Referrals2026112300310 } from '#libs/referrals/outbound/migrations/0310-unconfirmed.js';
import { Referrals2026112300320 } from '#libs/referrals/outbound/migrations/0320-locked-assessment.js';
import { ReferralEntity } from '#libs/referrals/outbound/referral.entity.js';
import { Settlement2026112300700 } from '#libs/settlement/outbound/migrations/0700-settlement.js';
import { Settlement2026112300701 } from '#libs/settlement/outbound/migrations/0701-payments.js';
import { Settlement2026112300719 } from '#libs/settlement/outbound/migrations/0719-series.js';
import { Settlement2026112300720 } from '#libs/settlement/outbound/migrations/0720-version-changes.js';
import { Settlement2026112300730 } from '#libs/settlement/outbound/migrations/0730-item-settlements.js';
import { Settlement2026112300740 } from '#libs/settlement/outbound/migrations/0740-answers-of-the-bank.js';
import { Settlement2026112300750 } from '#libs/settlement/outbound/migrations/0750-budget-of-ended-referrals.js';
import { Settlement2026112300760 } from '#libs/settlement/outbound/migrations/0760-content-of-statements.js';
import { Settlement2026112300770 } from '#libs/settlement/outbound/migrations/0770-version-of-recoveries.js';
import { Demonstration2026112300950 } from './local/demonstration/migrations/0950-demonstration.js';

/** Every migration of the house, in the order they run: the platform first. TypeORM sorts by the number at the end of the name. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  Platform2026112300010,
  PlatformEvents2026112300020,
  PlatformAuth2026112300030,
  PlatformJobs2026112300040,
  PlatformClock2026112300050,
  PlatformKeptAnswers2026112300060,
  Partners2026112300100,
  Partners2026112300110,
  Disclosure2026112300200,
  Referrals2026112300300,
  Referrals2026112300310,
  Referrals2026112300320,
  Cases2026112300400,
  Vacancies2026112300500,
  Vacancies2026112300510,
  Outcomes2026112300600,
  Outcomes2026112300610,
  Settlement2026112300700,
  Settlement2026112300701,
  Settlement2026112300719,
  Settlement2026112300720,
  Settlement2026112300730,
  Settlement2026112300740,
  Settlement2026112300750,
  Settlement2026112300760,
  Settlement2026112300770,
  Books2026112300800,
  Deliveries2026112300900,
  Demonstration2026112300950,
];

/** Every entity of the house. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type
export const entities: readonly Function[] = [ReferralEntity, OutcomeEntity];
