import { HubError } from '#libs/kernel/index.js';
import { isPartner, type Principal, type Role } from '#libs/platform/auth/principal.js';
import { newId, type Tx } from '#libs/platform/postgres/index.js';
import { checkGrant, checkRoles, type Grant, type Organisation } from '../domain/partner.js';
import {
  insertClient,
  insertStaff,
  managesItself,
  revokeClient as revoke,
  type ClientRow,
} from '../outbound/accounts.store.js';
import { findOrganisation, registeredBy } from '../outbound/partners.store.js';

export interface RegisterClient {
  readonly organisationId?: string | null | undefined;
  readonly name: string;
  readonly roles: readonly Role[];
  /** A public EC P-256 JSON Web Key, as JSON text. */
  readonly publicJwk: string;
}

const NAME_LENGTH_MAX = 100;
const JWK_LENGTH_MAX = 1_000;
/** OpenID Connect Core, section 2. */
const SUBJECT_LENGTH_MAX = 255;

/** A partner's system gets an account: its public key is kept, its private key never comes here. */
export async function registerClient(tx: Tx, principal: Principal, command: RegisterClient): Promise<ClientRow> {
  const organisation = await organisationFor(tx, principal, command.organisationId);
  checkRoles(organisation.kind, command.roles);
  await mayGrant(tx, principal, organisation, 'system', command.roles);
  if (command.name.trim() === '' || command.name.length > NAME_LENGTH_MAX) {
    throw new HubError('client.name', `A name of 1 to ${NAME_LENGTH_MAX} characters is required.`, { field: 'name' });
  }
  const client: ClientRow = {
    id: newId<'Client'>(),
    organisationId: organisation.id,
    name: command.name.trim(),
    roles: command.roles,
    publicJwk: publicKey(command.publicJwk),
    registeredBy: isPartner(principal) ? principal.organisationId : organisation.id,
    registrar: principal.actorId,
    revokedAt: null,
  };
  await insertClient(tx, client);
  return client;
}

/** From the commit of this on, no token of the client is accepted. */
export async function revokeClient(
  tx: Tx,
  _principal: Principal,
  command: { readonly clientId: string },
  now: Date,
): Promise<ClientRow> {
  const client = await revoke(tx, command.clientId, now);
  if (client === undefined) throw new HubError('client.not-found', 'There is no such client.', { field: 'clientId' });
  return client;
}

export interface RegisterStaff {
  readonly organisationId?: string | null | undefined;
  readonly issuer: string;
  readonly subject: string;
  readonly roles: readonly Role[];
}

/** A person of the identity provider may act for an organisation from now on. */
export async function registerStaff(
  tx: Tx,
  principal: Principal,
  command: RegisterStaff,
): Promise<{ readonly id: string; readonly organisationId: string; readonly roles: readonly Role[] }> {
  const organisation = await organisationFor(tx, principal, command.organisationId);
  checkRoles(organisation.kind, command.roles);
  await mayGrant(tx, principal, organisation, 'person', command.roles);
  if (!URL.canParse(command.issuer)) throw new HubError('staff.issuer', 'The issuer is a URL.', { field: 'issuer' });
  if (command.subject.trim() === '' || command.subject.length > SUBJECT_LENGTH_MAX)
    throw new HubError('staff.subject', `A subject has 1 to ${SUBJECT_LENGTH_MAX} characters.`, { field: 'subject' });
  const staff = { id: newId<'Staff'>(), organisationId: organisation.id, roles: command.roles };
  const by = isPartner(principal) ? principal.organisationId : organisation.id;
  const added = await insertStaff(tx, {
    ...staff,
    issuer: command.issuer,
    subject: command.subject,
    registeredBy: by,
    registrar: principal.actorId,
  });
  if (!added) throw new HubError('staff.exists', 'This person has an account already.', { field: 'subject' });
  return staff;
}

async function mayGrant(
  tx: Tx,
  principal: Principal,
  organisation: Organisation,
  to: Grant['to'],
  roles: readonly Role[],
): Promise<void> {
  if (!isPartner(principal)) return;
  const own = organisation.id === principal.organisationId;
  const itself = own ? true : await managesItself(tx, organisation.id);
  checkGrant({ to, roles, by: principal, own, managesItself: itself });
}

/** The caller's own organisation, or one it brought in; what is neither does not exist for it. */
async function organisationFor(
  tx: Tx,
  principal: Principal,
  organisationId: string | null | undefined,
): Promise<Organisation> {
  const id = organisationId ?? (isPartner(principal) ? principal.organisationId : undefined);
  const organisation = id === undefined ? undefined : await findOrganisation(tx, id);
  const allowed =
    organisation !== undefined &&
    (!isPartner(principal) ||
      organisation.id === principal.organisationId ||
      (await registeredBy(tx, organisation.id)) === principal.organisationId);
  if (!allowed)
    throw new HubError('organisation.not-found', 'There is no such organisation.', { field: 'organisationId' });
  return organisation;
}

function publicKey(text: string): object {
  const wrong = (): HubError =>
    new HubError('client.public-key', 'The key must be a public EC P-256 JSON Web Key: kty, crv, x and y, without d.', {
      field: 'publicJwk',
    });
  if (text.length > JWK_LENGTH_MAX) throw wrong();
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch {
    throw wrong();
  }
  if (typeof jwk !== 'object' || jwk === null) throw wrong();
  const { kty, crv, x, y, d } = jwk as Record<string, unknown>;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string' || d !== undefined)
    throw wrong();
  return { kty, crv, x, y };
}
