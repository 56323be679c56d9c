import { sql, type Tx } from '#libs/platform/postgres/index.js';
import type { OrganisationKind, Role } from '#libs/platform/auth/principal.js';

/** A system or a member of staff that acts for an organisation. */
export interface Account {
  readonly id: string;
  readonly organisationId: string;
  readonly organisationKind: OrganisationKind;
  readonly roles: readonly Role[];
}

export interface ClientRow {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly publicJwk: object;
  readonly registeredBy: string;
  /** The account that registered it, or the hub's own work. */
  readonly registrar: string | null;
  readonly revokedAt: Date | null;
}

export async function insertClient(tx: Tx, client: ClientRow): Promise<void> {
  await sql(
    tx,
    `insert into partners.client (id, organisation_id, name, roles, public_jwk, registered_by, registrar) values ($1, $2, $3, $4, $5::jsonb, $6, $7)`,
    [
      client.id,
      client.organisationId,
      client.name,
      client.roles,
      JSON.stringify(client.publicJwk),
      client.registeredBy,
      client.registrar,
    ],
  );
}

export async function revokeClient(tx: Tx, id: string, now: Date): Promise<ClientRow | undefined> {
  const rows = await sql<ClientRow>(
    tx,
    `update partners.client set revoked_at = coalesce(revoked_at, $2) where id = $1
     returning id, organisation_id as "organisationId", name, roles, public_jwk as "publicJwk", registered_by as "registeredBy", registrar,
               revoked_at as "revokedAt"`,
    [id, now],
  );
  return rows[0];
}

export async function insertStaff(
  tx: Tx,
  staff: {
    readonly id: string;
    readonly organisationId: string;
    readonly issuer: string;
    readonly subject: string;
    readonly roles: readonly Role[];
    readonly registeredBy: string;
    readonly registrar: string;
  },
): Promise<boolean> {
  const rows = await sql(
    tx,
    `insert into partners.staff (id, organisation_id, issuer, subject, roles, registered_by, registrar) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (issuer, subject) do nothing returning id`,
    [staff.id, staff.organisationId, staff.issuer, staff.subject, staff.roles, staff.registeredBy, staff.registrar],
  );
  return rows.length === 1;
}

/** Has a partner registered an account of its own? */
export async function managesItself(tx: Tx, organisationId: string): Promise<boolean> {
  const [row] = await sql<{ itself: boolean }>(tx, `select partners.manages_itself($1) as itself`, [organisationId]);
  return row?.itself === true;
}

/** Who registered an account, as far as the caller may know: undefined for those that another organisation made for itself. */
export async function registrarOf(tx: Tx, accountId: string): Promise<string | undefined> {
  const [row] = await sql<{ registrar: string | null }>(
    tx,
    `select registrar from partners.client where id::text = $1 union all select registrar from partners.staff where id::text = $1`,
    [accountId],
  );
  return row?.registrar ?? undefined;
}

/** The system behind a client id, with its key; undefined when it is unknown or revoked. */
export async function findActiveClient(
  tx: Tx,
  clientId: string,
): Promise<(Account & { readonly publicJwk: object }) | undefined> {
  const rows = await sql<Account & { publicJwk: object }>(
    tx,
    `select c.id, c.organisation_id as "organisationId", o.kind as "organisationKind", c.roles, c.public_jwk as "publicJwk"
     from partners.client c join partners.organisation o on o.id = c.organisation_id
     where c.id::text = $1 and c.revoked_at is null`,
    [clientId],
  );
  return rows[0];
}

/** The member of staff behind an identity provider's subject; undefined when unknown or disabled. */
export async function findActiveStaff(tx: Tx, issuer: string, subject: string): Promise<Account | undefined> {
  const rows = await sql<Account>(
    tx,
    `select s.id, s.organisation_id as "organisationId", o.kind as "organisationKind", s.roles
     from partners.staff s join partners.organisation o on o.id = s.organisation_id
     where s.issuer = $1 and s.subject = $2 and s.disabled_at is null`,
    [issuer, subject],
  );
  return rows[0];
}
