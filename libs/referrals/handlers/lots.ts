import { HubError, type LocalDate } from '#libs/kernel/index.js';
import { findContract, findContracts, type Contract, type Lot } from '#libs/partners/index.js';
import type { Tx } from '#libs/platform/postgres/index.js';
import { lotCodeOf, remainingOffers, type Offer, type Referral } from '../domain/referral.js';
import type { ReferralServices } from './services.js';

/** A lot with the contract it is of. */
export interface LotOfContract {
  readonly contract: Contract;
  readonly lot: Lot;
}

/** Whether a contract holds on a day: nobody is asked, and nobody accepts, under one that does not. */
export const isInForce = (contract: Contract, on: LocalDate): boolean =>
  contract.validFrom <= on && (contract.validTo === null || on <= contract.validTo);

/** The lot of a contract that is named, or its only one. Error: `referral.lot`, with the lots there are. */
export function namedLot(contract: Contract, lotCode: string | undefined): Lot {
  const [first, ...others] = contract.lots;
  const lot = lotCode === undefined ? (others.length === 0 ? first : undefined) : find(contract, lotCode);
  if (lot !== undefined) return lot;
  const codes = contract.lots.map(({ code }) => code);
  const rule = lotCode === undefined ? 'has several lots: say which one' : `has no lot "${lotCode}"`;
  throw new HubError('referral.lot', `Contract ${contract.number} ${rule} (${codes.join(', ')}).`, {
    field: 'lots',
    facts: { contractId: contract.id, lots: codes },
  });
}

/** The lot that a referral is for. Error: `referral.contract` where its contract is gone. */
export async function lotOf(tx: Tx, referral: Referral): Promise<LotOfContract> {
  const contract = referral.contractId === null ? undefined : await findContract(tx, referral.contractId);
  const lot = contract === undefined ? undefined : lotOfOffer(contract, lotCodeOf(referral));
  if (contract === undefined || lot === undefined)
    throw new HubError('referral.contract', 'The contract of this referral is gone.', { field: 'referralId' });
  return { contract, lot };
}

/** Offers that the person may still choose: to providers that were not asked yet, under contracts in force, of lots that have room. */
export async function openOffers(
  tx: Tx,
  services: ReferralServices,
  referral: Referral,
  today: LocalDate,
): Promise<Offer[]> {
  const offers = remainingOffers(referral);
  const contracts = await findContracts(
    tx,
    offers.map(({ contractId }) => contractId),
  );
  const open: Offer[] = [];
  for (const offer of offers) {
    const contract = contracts.get(offer.contractId);
    if (contract === undefined || !isInForce(contract, today)) continue;
    const lot = lotOfOffer(contract, offer.lotCode);
    if (lot !== undefined && !(await isFull(tx, services, contract, lot))) open.push(offer);
  }
  return open;
}

/** Whether no further referral finds a place in a lot: those that were accepted and have not ended hold one each. */
export async function isFull(tx: Tx, services: ReferralServices, contract: Contract, lot: Lot): Promise<boolean> {
  return lot.capacity !== null && (await services.store.placesTaken(tx, contract.id, lot.code)) >= lot.capacity;
}

/**
 * Makes sure that a referral just accepted has its place. Whoever accepts in the same lot at the same moment waits here until the
 * other one is committed or undone, so that the last place goes to one of them. Error: `referral.lot-full`.
 */
export async function requirePlace(
  tx: Tx,
  services: ReferralServices,
  { contract, lot }: LotOfContract,
): Promise<void> {
  if (lot.capacity === null) return;
  await services.store.lockLot(tx, contract.id, lot.code);
  if ((await services.store.placesTaken(tx, contract.id, lot.code)) > lot.capacity)
    throw lotFull(contract, lot, 'referralId');
}

/** The refusal of what a full lot cannot take. */
export const lotFull = (contract: Contract, lot: Lot, field: string): HubError =>
  new HubError(
    'referral.lot-full',
    `Lot ${lot.code} of contract ${contract.number} is full: its provider takes ${String(lot.capacity)} referrals at the same time, at most.`,
    { field, facts: { contractId: contract.id, lotCode: lot.code, capacity: lot.capacity ?? 0 } },
  );

/** Offers made before the hub kept their lot are of the contract's first one. */
const lotOfOffer = (contract: Contract, lotCode: string | null | undefined): Lot | undefined =>
  lotCode == null ? contract.lots[0] : find(contract, lotCode);

const find = (contract: Contract, lotCode: string): Lot | undefined =>
  contract.lots.find(({ code }) => code === lotCode);
