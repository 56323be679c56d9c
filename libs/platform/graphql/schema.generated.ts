// Generated from schemas/graphql by `npm run generate`. Do not edit.
import type { LocalDate } from '#libs/kernel/index.js';

export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A calendar day, YYYY-MM-DD. */
  Date: { input: LocalDate; output: LocalDate; }
  /** A moment, RFC 3339 in UTC. */
  DateTime: { input: string; output: Date | string; }
  /** An exact amount in minor units of a currency (cents for EUR), as digits in a string: no client rounds it by accident. */
  Minor: { input: string; output: bigint | string; }
};

export type GqlQuery = {
  readonly __typename?: 'Query';
  /**
   * One person's shared case, by one of: this organisation's id of the person, the national identifier, this organisation's own
   * reference. A person the hub does not know and one this organisation may not see are answered alike: null.
   */
  readonly sharedCase: Maybe<GqlSharedCase>;
  /** Persons this organisation has an open relation with. */
  readonly persons: GqlPersonConnection;
  /** Changes after a cursor, oldest first; without one, from the beginning. The answer always carries the cursor to go on from. */
  readonly changes: GqlChangePage;
  /** What the API holds a caller to. */
  readonly limits: ReadonlyArray<GqlLimit>;
  /** Looks of the asking organisation, or (auditor) all; the authority may ask for one person. */
  readonly accessLog: GqlAccessLogConnection;
  readonly outcome: Maybe<GqlOutcome>;
  readonly outcomes: GqlOutcomeConnection;
  /** The organisation that asks, and what it may do. */
  readonly me: GqlMe;
  /** Organisations by kind; an authority sees all of its programme, others see those they have to do with. */
  readonly organisations: GqlOrganisationConnection;
  /** Contracts the asking organisation is a party to. */
  readonly contracts: GqlContractConnection;
  /** One referral the asking organisation has to do with; null when there is none such, or none for it. */
  readonly referral: Maybe<GqlReferral>;
  /** The inbox: newest first, or the nearest deadline first for those that wait for an answer. */
  readonly referrals: GqlReferralConnection;
  readonly claim: Maybe<GqlClaim>;
  /** A provider sees its own; an authority those of its contracts. onlyExceptions: those that did not pass every automatic check. */
  readonly claims: GqlClaimConnection;
  readonly claimBatches: GqlClaimBatchConnection;
  readonly payeeAccounts: GqlPayeeAccountConnection;
  readonly providerStatements: GqlProviderStatementConnection;
  readonly providerStatement: Maybe<GqlProviderStatement>;
  readonly payables: GqlPayableConnection;
  readonly paymentFiles: GqlPaymentFileConnection;
  readonly bankStatements: GqlBankStatementConnection;
  /** The queue of what could not be matched, oldest first. */
  readonly unmatchedItems: GqlUnmatchedItemConnection;
  /** Moves of running referrals to another version of their tariff, newest first. */
  readonly versionChanges: GqlVersionChangeConnection;
  readonly recoveries: GqlRecoveryConnection;
  /** The programme of the asking authority in figures: counts by state, money by tariff and fee, and whether the books add up. */
  readonly programmeSummary: GqlProgrammeSummary;
  readonly vacancy: Maybe<GqlVacancy>;
  /** Newest first. Everything that is named must hold; what was taken down is left out unless a day is named on which it was open. */
  readonly vacancies: GqlVacancyConnection;
};


export type GqlQuerySharedCaseArgs = {
  purpose: GqlPurpose;
  by: GqlFindPersonInput;
};


export type GqlQueryPersonsArgs = {
  purpose: GqlPurpose;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryChangesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type GqlQueryAccessLogArgs = {
  personId?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryOutcomeArgs = {
  id: Scalars['ID']['input'];
};


export type GqlQueryOutcomesArgs = {
  referralId?: InputMaybe<Scalars['ID']['input']>;
  states?: InputMaybe<ReadonlyArray<GqlOutcomeState>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryOrganisationsArgs = {
  kind?: InputMaybe<GqlOrganisationKind>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryContractsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryReferralArgs = {
  id: Scalars['ID']['input'];
};


export type GqlQueryReferralsArgs = {
  states?: InputMaybe<ReadonlyArray<GqlReferralState>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryClaimArgs = {
  id: Scalars['ID']['input'];
};


export type GqlQueryClaimsArgs = {
  states?: InputMaybe<ReadonlyArray<GqlClaimState>>;
  contractId?: InputMaybe<Scalars['ID']['input']>;
  onlyExceptions?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryClaimBatchesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryPayeeAccountsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryProviderStatementsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryProviderStatementArgs = {
  id: Scalars['ID']['input'];
};


export type GqlQueryPayablesArgs = {
  states?: InputMaybe<ReadonlyArray<GqlPayableState>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryPaymentFilesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryBankStatementsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryUnmatchedItemsArgs = {
  open?: InputMaybe<Scalars['Boolean']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryVersionChangesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryRecoveriesArgs = {
  states?: InputMaybe<ReadonlyArray<GqlRecoveryState>>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type GqlQueryVacancyArgs = {
  id: Scalars['ID']['input'];
};


export type GqlQueryVacanciesArgs = {
  filter?: InputMaybe<GqlVacancyFilterInput>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type GqlMutation = {
  readonly __typename?: 'Mutation';
  readonly registerPerson: GqlPersonResult;
  /** The person lives elsewhere from that day: the new municipality takes the place of the old one in the case team. */
  readonly movePerson: GqlPersonResult;
  /** Brings a municipality or social service into the person's case team. */
  readonly inviteToCaseTeam: GqlCaseTeamResult;
  readonly leaveCaseTeam: GqlCaseTeamResult;
  /** What the person allowed or refused, on paper, by phone or in person. A refusal wins over everything. */
  readonly recordPermission: GqlCaseTeamResult;
  /** A municipality or social service says by which own reference it knows the person. */
  readonly setOwnReference: GqlCaseTeamResult;
  readonly agreePlan: GqlPlanResult;
  /** A provider says that a person it was given works. */
  readonly reportJob: GqlOutcomeResult;
  readonly reportJobEnd: GqlOutcomeResult;
  /** The report was wrong: what was said before stays readable. */
  readonly correctJob: GqlOutcomeResult;
  /**
   * A person of the authority answers the open rung where the register could not say: what the employer, the person or a document says.
   * UNKNOWN opens the next rung. What follows is decided right after: ask for the outcome again.
   */
  readonly giveEvidence: GqlOutcomeResult;
  readonly registerOrganisation: GqlRegisterOrganisationResult;
  readonly concludeContract: GqlConcludeContractResult;
  readonly subcontract: GqlSubcontractResult;
  readonly registerClient: GqlRegisterClientResult;
  /** A member of staff who signs in through the identity provider. One gives the roles one has; a contract manager registers the first accounts of a partner. */
  readonly registerStaff: GqlRegisterStaffResult;
  readonly revokeClient: GqlRevokeClientResult;
  readonly draftReferral: GqlReferralResult;
  readonly openChoice: GqlReferralResult;
  /** The person chose, or nobody did until the day named and the default rule decides: both are recorded as such. */
  readonly chooseProvider: GqlReferralResult;
  readonly acceptReferral: GqlReferralResult;
  readonly declineReferral: GqlReferralResult;
  /** An unanswered or declined referral is offered again to those who were not asked yet. */
  readonly reofferReferral: GqlReferralResult;
  readonly startReferral: GqlReferralResult;
  readonly completeReferral: GqlReferralResult;
  readonly endReferralEarly: GqlReferralResult;
  /**
   * Before the start: the provider confirms, so that nobody works on for a referral that is gone. What it has not confirmed after five
   * working days is withdrawn all the same.
   */
  readonly requestCancellation: GqlReferralResult;
  readonly confirmCancellation: GqlReferralResult;
  /** Wrong person or duplicate: stops every feed, access right and fee. */
  readonly markEnteredInError: GqlReferralResult;
  /** A band or index that was decided wrongly is corrected for later periods; nothing that is locked changes. */
  readonly correctAssessment: GqlReferralResult;
  /** Freezes claims with their count, sum and hash. Those named, or all that passed every automatic check and are due by the day named. */
  readonly approveClaims: GqlClaimBatchResult;
  /** A second person certifies what the first one approved: same count, same sum. A claim whose facts changed since falls out. */
  readonly certifyClaims: GqlClaimBatchResult;
  readonly rejectClaim: GqlClaimResult;
  /** The provider is asked to put something right: at most three times. */
  readonly returnClaim: GqlClaimResult;
  readonly resubmitClaim: GqlClaimResult;
  readonly disputeClaim: GqlClaimResult;
  readonly answerDispute: GqlClaimResult;
  readonly proposePayeeAccount: GqlPayeeAccountResult;
  readonly confirmPayeeAccount: GqlPayeeAccountResult;
  readonly preparePaymentFile: GqlPaymentFileResult;
  /** A second person releases the file to the bank. */
  readonly releasePaymentFile: GqlPaymentFileResult;
  /** A file that was prepared and never sent: its payables are open again. */
  readonly discardPaymentFile: GqlPaymentFileResult;
  /** A pain.002, camt.052, camt.053 or camt.054 file as the bank sent it. */
  readonly importBankFile: GqlImportBankFileResult;
  /** After a return: the cause is cleared, the payable may go into a file again. */
  readonly releaseHeldPayable: GqlPayableResult;
  /** A person places a line that the rules could not place; the amounts must be equal. */
  readonly matchUnmatchedItem: GqlUnmatchedItemResult;
  /**
   * Closes an item that stands for no payable and no recovery: the bank's charge or interest, another business on the same account, or
   * a finding about a statement that was looked into. The first call proposes, the same call of another person makes it so.
   */
  readonly settleUnmatchedItem: GqlUnmatchedItemResult;
  /** The item waits again: its match, or its settlement, or the proposal of one, was wrong. */
  readonly undoMatch: GqlUnmatchedItemResult;
  /** Running referrals are to be priced by another published version of their tariff; a second person confirms it. */
  readonly proposeVersionChange: GqlVersionChangeResult;
  /** Confirmed, they are priced again: differences only become claims and recoveries. Or withdrawn, by any manager. */
  readonly confirmVersionChange: GqlVersionChangeResult;
  /** The provider's answer to a proposed recovery. */
  readonly answerRecovery: GqlRecoveryResult;
  /** Two different people decide: the first call proposes the decision, the second confirms it. */
  readonly decideRecovery: GqlRecoveryResult;
  /**
   * Takes over a document of another system, row by row: a row that cannot be read is answered with its field and rule and stops no
   * other. The same document twice changes nothing; an older revision of an advertisement never overwrites a newer one.
   */
  readonly importVacancies: GqlImportVacanciesResult;
};


export type GqlMutationRegisterPersonArgs = {
  input: GqlRegisterPersonInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationMovePersonArgs = {
  input: GqlMovePersonInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationInviteToCaseTeamArgs = {
  input: GqlInviteToCaseTeamInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationLeaveCaseTeamArgs = {
  input: GqlLeaveCaseTeamInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationRecordPermissionArgs = {
  input: GqlRecordPermissionInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationSetOwnReferenceArgs = {
  input: GqlSetOwnReferenceInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationAgreePlanArgs = {
  input: GqlAgreePlanInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationReportJobArgs = {
  input: GqlReportJobInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationReportJobEndArgs = {
  input: GqlReportJobEndInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationCorrectJobArgs = {
  input: GqlCorrectJobInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationGiveEvidenceArgs = {
  input: GqlGiveEvidenceInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationRegisterOrganisationArgs = {
  input: GqlRegisterOrganisationInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationConcludeContractArgs = {
  input: GqlConcludeContractInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationSubcontractArgs = {
  input: GqlSubcontractInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationRegisterClientArgs = {
  input: GqlRegisterClientInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationRegisterStaffArgs = {
  input: GqlRegisterStaffInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationRevokeClientArgs = {
  input: GqlRevokeClientInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationDraftReferralArgs = {
  input: GqlDraftReferralInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationOpenChoiceArgs = {
  input: GqlOpenChoiceInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationChooseProviderArgs = {
  input: GqlChooseProviderInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationAcceptReferralArgs = {
  input: GqlAcceptReferralInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationDeclineReferralArgs = {
  input: GqlDeclineReferralInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationReofferReferralArgs = {
  input: GqlReferralIdInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationStartReferralArgs = {
  input: GqlStartReferralInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationCompleteReferralArgs = {
  input: GqlCompleteReferralInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationEndReferralEarlyArgs = {
  input: GqlEndReferralEarlyInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationRequestCancellationArgs = {
  input: GqlRequestCancellationInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationConfirmCancellationArgs = {
  input: GqlReferralIdInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationMarkEnteredInErrorArgs = {
  input: GqlMarkEnteredInErrorInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationCorrectAssessmentArgs = {
  input: GqlCorrectAssessmentInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationApproveClaimsArgs = {
  input: GqlApproveClaimsInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationCertifyClaimsArgs = {
  input: GqlCertifyClaimsInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationRejectClaimArgs = {
  input: GqlRejectClaimInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationReturnClaimArgs = {
  input: GqlReturnClaimInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationResubmitClaimArgs = {
  input: GqlResubmitClaimInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationDisputeClaimArgs = {
  input: GqlDisputeClaimInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationAnswerDisputeArgs = {
  input: GqlAnswerDisputeInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationProposePayeeAccountArgs = {
  input: GqlProposePayeeAccountInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationConfirmPayeeAccountArgs = {
  input: GqlPayeeAccountIdInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationPreparePaymentFileArgs = {
  input: GqlPreparePaymentFileInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationReleasePaymentFileArgs = {
  input: GqlPaymentFileIdInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationDiscardPaymentFileArgs = {
  input: GqlPaymentFileIdInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationImportBankFileArgs = {
  input: GqlImportBankFileInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationReleaseHeldPayableArgs = {
  input: GqlPayableIdInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationMatchUnmatchedItemArgs = {
  input: GqlMatchUnmatchedItemInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationSettleUnmatchedItemArgs = {
  input: GqlSettleUnmatchedItemInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationUndoMatchArgs = {
  input: GqlUndoMatchInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationProposeVersionChangeArgs = {
  input: GqlProposeVersionChangeInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationConfirmVersionChangeArgs = {
  input: GqlConfirmVersionChangeInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationAnswerRecoveryArgs = {
  input: GqlAnswerRecoveryInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationDecideRecoveryArgs = {
  input: GqlDecideRecoveryInput;
  idempotencyKey: Scalars['ID']['input'];
};


export type GqlMutationImportVacanciesArgs = {
  input: GqlImportVacanciesInput;
  idempotencyKey: Scalars['ID']['input'];
};

export type GqlPersonResult = GqlPerson | GqlRefusal;

export type GqlCaseTeamResult = GqlCaseTeam | GqlRefusal;

export type GqlPlanResult = GqlPlan | GqlRefusal;

export type GqlPurpose =
  /** Delivering a service the person was referred to. */
  | 'REFERRAL_DELIVERY'
  /** One case, several offices: needs the person's permission. */
  | 'INTEGRATED_CASE'
  /** Checking and paying what a provider is owed. */
  | 'PAYMENT_VERIFICATION'
  /** Auditing a contract. */
  | 'CONTRACT_AUDIT';

export type GqlPerson = {
  readonly __typename?: 'Person';
  /** This organisation's own pairwise id of the person. */
  readonly id: Scalars['ID']['output'];
  readonly givenName: Maybe<Scalars['String']['output']>;
  readonly familyName: Maybe<Scalars['String']['output']>;
  readonly birthDate: Maybe<Scalars['Date']['output']>;
  readonly municipality: Maybe<GqlOrganisation>;
};

export type GqlSharedCase = {
  readonly __typename?: 'SharedCase';
  readonly person: GqlPerson;
  readonly phone: Maybe<Scalars['String']['output']>;
  readonly email: Maybe<Scalars['String']['output']>;
  readonly referrals: ReadonlyArray<GqlCaseReferral>;
  readonly plan: Maybe<GqlPlan>;
  readonly outcomes: Maybe<ReadonlyArray<GqlCaseOutcome>>;
  readonly team: ReadonlyArray<GqlCaseTeamMember>;
  /** What is not shown, and why. */
  readonly redactions: ReadonlyArray<GqlRedaction>;
  /** The access-log row of this look, which the person can see. */
  readonly receiptId: Scalars['ID']['output'];
};

export type GqlCaseReferral = {
  readonly __typename?: 'CaseReferral';
  readonly id: Scalars['ID']['output'];
  readonly state: GqlReferralState;
  readonly service: Scalars['String']['output'];
  readonly providerName: Maybe<Scalars['String']['output']>;
  readonly startedOn: Maybe<Scalars['Date']['output']>;
  readonly endedOn: Maybe<Scalars['Date']['output']>;
};

export type GqlCaseOutcome = {
  readonly __typename?: 'CaseOutcome';
  readonly kind: Scalars['String']['output'];
  readonly state: Scalars['String']['output'];
  readonly startedOn: Scalars['Date']['output'];
  readonly endedOn: Maybe<Scalars['Date']['output']>;
};

export type GqlPlan = {
  readonly __typename?: 'Plan';
  readonly referralId: Scalars['ID']['output'];
  readonly version: Scalars['Int']['output'];
  readonly agreedOn: Scalars['Date']['output'];
  readonly goals: ReadonlyArray<Scalars['String']['output']>;
};

export type GqlCaseTeamMember = {
  readonly __typename?: 'CaseTeamMember';
  readonly organisation: GqlOrganisation;
  readonly purpose: GqlPurpose;
  readonly since: Scalars['DateTime']['output'];
};

export type GqlCaseTeam = {
  readonly __typename?: 'CaseTeam';
  readonly personId: Scalars['ID']['output'];
  readonly members: ReadonlyArray<GqlCaseTeamMember>;
};

export type GqlRedaction = {
  readonly __typename?: 'Redaction';
  readonly path: Scalars['String']['output'];
  readonly category: Scalars['String']['output'];
  readonly reason: Scalars['String']['output'];
};

export type GqlPersonConnection = {
  readonly __typename?: 'PersonConnection';
  readonly edges: ReadonlyArray<GqlPersonEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlPersonEdge = {
  readonly __typename?: 'PersonEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlPerson;
};

/** Exactly one of them. */
export type GqlFindPersonInput =
  { readonly personId: Scalars['ID']['input']; readonly nationalId?: never; readonly ownReference?: never; }
  |  { readonly personId?: never; readonly nationalId: Scalars['String']['input']; readonly ownReference?: never; }
  |  { readonly personId?: never; readonly nationalId?: never; readonly ownReference: Scalars['String']['input']; };

export type GqlRegisterPersonInput = {
  readonly nationalId: Scalars['String']['input'];
  readonly givenName: Scalars['String']['input'];
  readonly familyName: Scalars['String']['input'];
  readonly birthDate: Scalars['Date']['input'];
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  readonly email?: InputMaybe<Scalars['String']['input']>;
  readonly municipalityId: Scalars['ID']['input'];
};

export type GqlMovePersonInput = {
  readonly personId: Scalars['ID']['input'];
  readonly municipalityId: Scalars['ID']['input'];
  readonly movedOn: Scalars['Date']['input'];
};

export type GqlInviteToCaseTeamInput = {
  readonly personId: Scalars['ID']['input'];
  readonly organisationId: Scalars['ID']['input'];
  readonly purpose: GqlPurpose;
};

export type GqlLeaveCaseTeamInput = {
  readonly personId: Scalars['ID']['input'];
  readonly organisationId: Scalars['ID']['input'];
};

export type GqlPermissionEffect =
  | 'GIVEN'
  | 'REFUSED'
  | 'WITHDRAWN';

export type GqlPermissionChannel =
  | 'PAPER'
  | 'PHONE'
  | 'IN_PERSON'
  | 'ONLINE';

export type GqlRecordPermissionInput = {
  readonly personId: Scalars['ID']['input'];
  readonly organisationId: Scalars['ID']['input'];
  readonly purpose: GqlPurpose;
  readonly effect: GqlPermissionEffect;
  readonly channel: GqlPermissionChannel;
  readonly validTo?: InputMaybe<Scalars['Date']['input']>;
};

export type GqlSetOwnReferenceInput = {
  readonly personId: Scalars['ID']['input'];
  readonly ownReference: Scalars['String']['input'];
};

export type GqlAgreePlanInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly agreedOn: Scalars['Date']['input'];
  readonly goals: ReadonlyArray<Scalars['String']['input']>;
};

export type GqlChangePage = {
  readonly __typename?: 'ChangePage';
  readonly changes: ReadonlyArray<GqlChange>;
  /** Ask again with it; it does not move while nothing is new. */
  readonly endCursor: Scalars['String']['output'];
  readonly hasMore: Scalars['Boolean']['output'];
};

export type GqlChange = {
  readonly __typename?: 'Change';
  readonly cursor: Scalars['String']['output'];
  /** What kind of thing changed: referral, outcome, claim, statement, payable. */
  readonly subjectKind: Scalars['String']['output'];
  /** Ask for it by this id. */
  readonly subjectId: Scalars['ID']['output'];
  /** The event type, for example liaison.referral.accepted.v1. */
  readonly type: Scalars['String']['output'];
  readonly at: Scalars['DateTime']['output'];
};

export type GqlDataCategory =
  | 'NONE'
  | 'C0'
  | 'C1'
  | 'C2'
  | 'C3'
  | 'C4'
  | 'C5'
  | 'C6'
  | 'C7'
  | 'C8'
  | 'C9'
  | 'C10'
  | 'C11';

export type GqlPageInfo = {
  readonly __typename?: 'PageInfo';
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly endCursor: Maybe<Scalars['String']['output']>;
};

/** An expected failure: what was wrong, in a form a system can act on. Nothing was changed. */
export type GqlRefusal = {
  readonly __typename?: 'Refusal';
  /** Stable, for example referral.illegal-move. */
  readonly code: Scalars['String']['output'];
  /** The rule, in one sentence. */
  readonly message: Scalars['String']['output'];
  /** The offending input field, where there is one. */
  readonly field: Maybe<Scalars['String']['output']>;
  readonly facts: ReadonlyArray<GqlRefusalFact>;
};

export type GqlRefusalFact = {
  readonly __typename?: 'RefusalFact';
  readonly name: Scalars['String']['output'];
  readonly value: Scalars['String']['output'];
};

export type GqlLimit = {
  readonly __typename?: 'Limit';
  readonly name: Scalars['String']['output'];
  readonly value: Scalars['Int']['output'];
  readonly unit: Scalars['String']['output'];
};

export type GqlLookOutcome =
  | 'SHOWN'
  | 'PARTLY_SHOWN'
  | 'REFUSED';

export type GqlAccessLogEntry = {
  readonly __typename?: 'AccessLogEntry';
  readonly id: Scalars['ID']['output'];
  readonly at: Scalars['DateTime']['output'];
  readonly organisation: Scalars['String']['output'];
  readonly purpose: Scalars['String']['output'];
  readonly operation: Scalars['String']['output'];
  readonly categories: ReadonlyArray<Scalars['String']['output']>;
  readonly outcome: GqlLookOutcome;
  readonly reason: Maybe<Scalars['String']['output']>;
};

export type GqlAccessLogConnection = {
  readonly __typename?: 'AccessLogConnection';
  readonly edges: ReadonlyArray<GqlAccessLogEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlAccessLogEdge = {
  readonly __typename?: 'AccessLogEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlAccessLogEntry;
};

export type GqlOutcomeResult = GqlOutcome | GqlRefusal;

export type GqlOutcomeState =
  | 'REPORTED'
  | 'DETECTED'
  | 'EVIDENCE_PENDING'
  | 'VERIFIED'
  | 'NOT_VERIFIED'
  | 'LAPSED'
  | 'REVERSED';

export type GqlContractType =
  | 'OPEN_ENDED'
  | 'FIXED_TERM'
  | 'APPRENTICESHIP'
  | 'SELF_EMPLOYED';

export type GqlOutcome = {
  readonly __typename?: 'Outcome';
  readonly id: Scalars['ID']['output'];
  readonly state: GqlOutcomeState;
  readonly referralId: Maybe<Scalars['ID']['output']>;
  readonly personId: Scalars['ID']['output'];
  /** REPORTED by a provider, or DETECTED by a register's feed before anybody said so. */
  readonly origin: GqlOutcomeState;
  readonly startedOn: Scalars['Date']['output'];
  readonly endedOn: Maybe<Scalars['Date']['output']>;
  /** Details of the job: for the provider that reported it and the contract manager; null with a reason in `redactions` for others. */
  readonly contractType: Maybe<GqlContractType>;
  /** Length of the contract as agreed at its beginning, in whole months; none for open-ended ones. */
  readonly contractMonths: Maybe<Scalars['Int']['output']>;
  /** Digits and a point. */
  readonly weeklyHours: Maybe<Scalars['String']['output']>;
  /** Subject to social insurance. */
  readonly insured: Maybe<Scalars['Boolean']['output']>;
  readonly employerName: Maybe<Scalars['String']['output']>;
  /** The vacancy it was found through, when it came through the hub. */
  readonly vacancyId: Maybe<Scalars['ID']['output']>;
  /** Which rung of the evidence ladder answered, and how. */
  readonly verification: Maybe<GqlVerification>;
  /** The rung that is open while evidence is pending. */
  readonly openEvidence: Maybe<GqlOpenEvidence>;
  /** What people of the authority answered, oldest first; for the authority alone. */
  readonly evidence: ReadonlyArray<GqlEvidenceGiven>;
  /** What was said, oldest first: an earlier version stays readable. */
  readonly timeline: ReadonlyArray<GqlOutcomeEvent>;
  /** What is not shown, and why. */
  readonly redactions: ReadonlyArray<GqlRedaction>;
};

export type GqlEvidenceGiven = {
  readonly __typename?: 'EvidenceGiven';
  readonly rung: Scalars['Int']['output'];
  readonly source: Scalars['String']['output'];
  readonly answer: GqlEvidenceAnswer;
  /** Who said so, or what was shown. */
  readonly note: Maybe<Scalars['String']['output']>;
  readonly recordedAt: Scalars['DateTime']['output'];
};

export type GqlEvidenceAnswer =
  | 'YES'
  | 'NO'
  | 'UNKNOWN';

export type GqlOpenEvidence = {
  readonly __typename?: 'OpenEvidence';
  /** 1 the register, 2 the employer, 3 the person, 4 a document. */
  readonly rung: Scalars['Int']['output'];
  readonly source: Scalars['String']['output'];
  /** Why it is asked for: it was reported, corrected, or a higher rung could not say. */
  readonly reason: Scalars['String']['output'];
  readonly since: Scalars['Date']['output'];
};

export type GqlOutcomeEvent = {
  readonly __typename?: 'OutcomeEvent';
  readonly type: Scalars['String']['output'];
  /** The day it took effect. */
  readonly effectiveOn: Scalars['Date']['output'];
  /** The moment the hub knew. */
  readonly recordedAt: Scalars['DateTime']['output'];
  /** The job as it was said then, where this event says something of it. */
  readonly startedOn: Maybe<Scalars['Date']['output']>;
  readonly endedOn: Maybe<Scalars['Date']['output']>;
  readonly weeklyHours: Maybe<Scalars['String']['output']>;
};

export type GqlVerification = {
  readonly __typename?: 'Verification';
  readonly source: Scalars['String']['output'];
  readonly method: Scalars['String']['output'];
  readonly answeredAt: Scalars['DateTime']['output'];
  /** Why it was not verified. */
  readonly reason: Maybe<Scalars['String']['output']>;
};

export type GqlOutcomeConnection = {
  readonly __typename?: 'OutcomeConnection';
  readonly edges: ReadonlyArray<GqlOutcomeEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlOutcomeEdge = {
  readonly __typename?: 'OutcomeEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlOutcome;
};

export type GqlReportJobInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly startedOn: Scalars['Date']['input'];
  readonly endedOn?: InputMaybe<Scalars['Date']['input']>;
  readonly contractType: GqlContractType;
  readonly contractMonths?: InputMaybe<Scalars['Int']['input']>;
  readonly weeklyHours: Scalars['String']['input'];
  readonly insured: Scalars['Boolean']['input'];
  /** The employer's number in the country's business register. */
  readonly employerNumber: Scalars['String']['input'];
  readonly employerName: Scalars['String']['input'];
  /** Share of the normal hours of a full-timer there, for example 0.5. */
  readonly normalHoursShare?: InputMaybe<Scalars['String']['input']>;
  readonly vacancyId?: InputMaybe<Scalars['ID']['input']>;
};

export type GqlReportJobEndInput = {
  readonly outcomeId: Scalars['ID']['input'];
  readonly endedOn: Scalars['Date']['input'];
};

export type GqlCorrectJobInput = {
  readonly outcomeId: Scalars['ID']['input'];
  readonly startedOn: Scalars['Date']['input'];
  readonly endedOn?: InputMaybe<Scalars['Date']['input']>;
  readonly weeklyHours: Scalars['String']['input'];
  readonly reason: Scalars['String']['input'];
};

export type GqlGiveEvidenceInput = {
  readonly outcomeId: Scalars['ID']['input'];
  /** The rung that is open: 2 the employer, 3 the person, 4 a document. */
  readonly rung: Scalars['Int']['input'];
  readonly answer: GqlEvidenceAnswer;
  /** Who said so, or what was shown, in up to 500 characters. */
  readonly note: Scalars['String']['input'];
};

export type GqlRegisterOrganisationResult = GqlOrganisation | GqlRefusal;

export type GqlConcludeContractResult = GqlContract | GqlRefusal;

export type GqlSubcontractResult = GqlContract | GqlRefusal;

export type GqlRegisterClientResult = GqlClient | GqlRefusal;

export type GqlRegisterStaffResult = GqlStaff | GqlRefusal;

export type GqlRevokeClientResult = GqlClient | GqlRefusal;

export type GqlOrganisationKind =
  | 'PES'
  | 'PROVIDER'
  | 'MUNICIPALITY'
  | 'SOCIAL_SERVICE'
  | 'EMPLOYER'
  | 'AUDITOR';

export type GqlRole =
  | 'PROVIDER_ADVISER'
  | 'PROVIDER_FINANCE'
  | 'MUNICIPALITY_WORKER'
  | 'SOCIAL_WORKER'
  | 'COUNSELLOR'
  | 'CONTRACT_MANAGER'
  | 'AUDITOR'
  | 'OPERATOR'
  /** Shares vacancies for an employer or an agency. */
  | 'VACANCY_PARTNER';

export type GqlMe = {
  readonly __typename?: 'Me';
  readonly organisation: GqlOrganisation;
  readonly actorId: Scalars['String']['output'];
  readonly roles: ReadonlyArray<GqlRole>;
};

export type GqlOrganisation = {
  readonly __typename?: 'Organisation';
  readonly id: Scalars['ID']['output'];
  readonly kind: GqlOrganisationKind;
  readonly name: Scalars['String']['output'];
  /** ISO 3166-1 alpha-2. */
  readonly country: Scalars['String']['output'];
  /** IANA name; days of this organisation's programmes begin and end in it. */
  readonly timeZone: Scalars['String']['output'];
  readonly sites: ReadonlyArray<GqlSite>;
};

export type GqlSite = {
  readonly __typename?: 'Site';
  readonly id: Scalars['ID']['output'];
  readonly name: Scalars['String']['output'];
  readonly street: Scalars['String']['output'];
  readonly buildingNumber: Maybe<Scalars['String']['output']>;
  readonly postCode: Scalars['String']['output'];
  readonly town: Scalars['String']['output'];
};

export type GqlContract = {
  readonly __typename?: 'Contract';
  readonly id: Scalars['ID']['output'];
  /** The authority's own number of it. */
  readonly number: Scalars['String']['output'];
  readonly authority: GqlOrganisation;
  readonly provider: GqlOrganisation;
  readonly tariffId: Scalars['String']['output'];
  readonly validFrom: Scalars['Date']['output'];
  readonly validTo: Maybe<Scalars['Date']['output']>;
  readonly lots: ReadonlyArray<GqlLot>;
  readonly subcontracts: ReadonlyArray<GqlSubcontract>;
};

export type GqlLot = {
  readonly __typename?: 'Lot';
  readonly code: Scalars['String']['output'];
  readonly area: Scalars['String']['output'];
  /** Referrals the provider takes at the same time, at most: those accepted and not ended. No number: no limit. */
  readonly capacity: Maybe<Scalars['Int']['output']>;
};

export type GqlSubcontract = {
  readonly __typename?: 'Subcontract';
  readonly provider: GqlOrganisation;
  readonly lotCode: Scalars['String']['output'];
  readonly validFrom: Scalars['Date']['output'];
};

export type GqlClient = {
  readonly __typename?: 'Client';
  readonly id: Scalars['ID']['output'];
  readonly organisationId: Scalars['ID']['output'];
  readonly name: Scalars['String']['output'];
  readonly roles: ReadonlyArray<GqlRole>;
  readonly revokedAt: Maybe<Scalars['DateTime']['output']>;
};

export type GqlStaff = {
  readonly __typename?: 'Staff';
  readonly id: Scalars['ID']['output'];
  readonly organisationId: Scalars['ID']['output'];
  readonly roles: ReadonlyArray<GqlRole>;
};

export type GqlOrganisationConnection = {
  readonly __typename?: 'OrganisationConnection';
  readonly edges: ReadonlyArray<GqlOrganisationEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlOrganisationEdge = {
  readonly __typename?: 'OrganisationEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlOrganisation;
};

export type GqlContractConnection = {
  readonly __typename?: 'ContractConnection';
  readonly edges: ReadonlyArray<GqlContractEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlContractEdge = {
  readonly __typename?: 'ContractEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlContract;
};

export type GqlSiteInput = {
  readonly name: Scalars['String']['input'];
  readonly street: Scalars['String']['input'];
  readonly buildingNumber?: InputMaybe<Scalars['String']['input']>;
  readonly postCode: Scalars['String']['input'];
  readonly town: Scalars['String']['input'];
};

export type GqlRegisterOrganisationInput = {
  readonly kind: GqlOrganisationKind;
  readonly name: Scalars['String']['input'];
  readonly country: Scalars['String']['input'];
  readonly timeZone: Scalars['String']['input'];
  readonly sites: ReadonlyArray<GqlSiteInput>;
};

export type GqlLotInput = {
  readonly code: Scalars['String']['input'];
  readonly area: Scalars['String']['input'];
  readonly capacity?: InputMaybe<Scalars['Int']['input']>;
};

export type GqlTermInput = {
  /** A parameter of the tariff, for example voucherValue. */
  readonly name: Scalars['String']['input'];
  /** Digits, a point and digits; or a code, as the tariff says. */
  readonly value: Scalars['String']['input'];
};

export type GqlConcludeContractInput = {
  readonly number: Scalars['String']['input'];
  readonly providerId: Scalars['ID']['input'];
  readonly tariffId: Scalars['String']['input'];
  readonly terms: ReadonlyArray<GqlTermInput>;
  readonly validFrom: Scalars['Date']['input'];
  readonly validTo?: InputMaybe<Scalars['Date']['input']>;
  readonly lots: ReadonlyArray<GqlLotInput>;
};

export type GqlSubcontractInput = {
  readonly contractId: Scalars['ID']['input'];
  readonly providerId: Scalars['ID']['input'];
  readonly lotCode: Scalars['String']['input'];
  readonly validFrom: Scalars['Date']['input'];
};

export type GqlRegisterClientInput = {
  /** The organisation the system acts for; left out: the caller's own. */
  readonly organisationId?: InputMaybe<Scalars['ID']['input']>;
  readonly name: Scalars['String']['input'];
  readonly roles: ReadonlyArray<GqlRole>;
  /** Public key of the system, as a JSON Web Key (EC P-256). The private key never leaves the partner. */
  readonly publicJwk: Scalars['String']['input'];
};

export type GqlRegisterStaffInput = {
  readonly organisationId?: InputMaybe<Scalars['ID']['input']>;
  /** The identity provider's issuer URL. */
  readonly issuer: Scalars['String']['input'];
  /** The person's subject there. */
  readonly subject: Scalars['String']['input'];
  readonly roles: ReadonlyArray<GqlRole>;
};

export type GqlRevokeClientInput = {
  readonly clientId: Scalars['ID']['input'];
};

export type GqlReferralResult = GqlReferral | GqlRefusal;

export type GqlReferralState =
  | 'DRAFT'
  | 'CHOICE_OPEN'
  | 'REQUESTED'
  | 'ACCEPTED'
  | 'STARTED'
  | 'COMPLETED'
  | 'DECLINED'
  | 'EXPIRED'
  | 'ENDED_EARLY'
  | 'CANCEL_REQUESTED'
  | 'WITHDRAWN'
  | 'ENTERED_IN_ERROR';

export type GqlChosenBy =
  | 'PERSON'
  | 'DEFAULT_RULE';

export type GqlDeclineCode =
  | 'NO_CAPACITY'
  | 'NOT_ELIGIBLE'
  | 'OUT_OF_AREA'
  | 'LANGUAGE'
  | 'CONFLICT_OF_INTEREST'
  | 'SAFETY'
  | 'DUPLICATE';

export type GqlEarlyEndCode =
  | 'JOB'
  | 'EDUCATION'
  | 'SICKNESS'
  | 'MOVED'
  | 'DISENGAGED'
  | 'OTHER_SUPPORT_NEEDED'
  | 'CONTRACT_ENDED';

export type GqlReferral = {
  readonly __typename?: 'Referral';
  readonly id: Scalars['ID']['output'];
  readonly state: GqlReferralState;
  /** Counts changes: the same number, the same referral. */
  readonly version: Scalars['Int']['output'];
  /** The person as this organisation knows it: its own pairwise id. */
  readonly personId: Scalars['ID']['output'];
  /** Null for those who may not see it. */
  readonly personName: Maybe<Scalars['String']['output']>;
  readonly service: Scalars['String']['output'];
  readonly authority: GqlOrganisation;
  /** The provider it was offered to, or who accepted it. */
  readonly provider: Maybe<GqlOrganisation>;
  readonly contractId: Maybe<Scalars['ID']['output']>;
  /** The lot of the contract that it is for. */
  readonly lotCode: Maybe<Scalars['String']['output']>;
  readonly chosenBy: Maybe<GqlChosenBy>;
  /** The last day for an answer, or to confirm a cancellation: five working days after the request. */
  readonly answerBy: Maybe<Scalars['Date']['output']>;
  readonly acceptedOn: Maybe<Scalars['Date']['output']>;
  readonly startedOn: Maybe<Scalars['Date']['output']>;
  readonly endedOn: Maybe<Scalars['Date']['output']>;
  readonly reasonCode: Maybe<Scalars['String']['output']>;
  /** What the provider would be paid, as locked at acceptance or as offered: null for those who have no part in the price. */
  readonly price: Maybe<GqlLockedPrice>;
  readonly timeline: ReadonlyArray<GqlReferralEvent>;
};

export type GqlLockedPrice = {
  readonly __typename?: 'LockedPrice';
  readonly tariffId: Scalars['String']['output'];
  readonly tariffVersion: Scalars['String']['output'];
  /** Group or band, for tariffs that have some: as locked, a correction for later periods does not change it. Null for those who see the sum only. */
  readonly group: Maybe<Scalars['String']['output']>;
  /** Index, for tariffs that have one, as digits; as the group. */
  readonly index: Maybe<Scalars['String']['output']>;
  readonly terms: ReadonlyArray<GqlTerm>;
};

export type GqlTerm = {
  readonly __typename?: 'Term';
  readonly name: Scalars['String']['output'];
  readonly value: Scalars['String']['output'];
};

export type GqlReferralEvent = {
  readonly __typename?: 'ReferralEvent';
  readonly type: Scalars['String']['output'];
  /** The day it took effect. */
  readonly effectiveOn: Scalars['Date']['output'];
  /** The moment the hub knew. */
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly byOrganisation: Maybe<Scalars['String']['output']>;
};

export type GqlReferralConnection = {
  readonly __typename?: 'ReferralConnection';
  readonly edges: ReadonlyArray<GqlReferralEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlReferralEdge = {
  readonly __typename?: 'ReferralEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlReferral;
};

/** The authority's profiling, and the counsellor's decision on it: both are kept with the reason. The hub scores nobody. */
export type GqlAssessmentInput = {
  readonly group?: InputMaybe<Scalars['String']['input']>;
  /** Digits and a point, for example 0.80. */
  readonly index?: InputMaybe<Scalars['String']['input']>;
  readonly source: Scalars['String']['input'];
  readonly assessedAt: Scalars['DateTime']['input'];
  readonly reason: Scalars['String']['input'];
};

export type GqlDraftReferralInput = {
  readonly personId: Scalars['ID']['input'];
  readonly service: Scalars['String']['input'];
  readonly assessment: GqlAssessmentInput;
  /** The day the person's unemployment began, for tariffs that price by its length. */
  readonly unemployedSince?: InputMaybe<Scalars['Date']['input']>;
  readonly terms: ReadonlyArray<GqlTermInput>;
};

export type GqlOpenChoiceInput = {
  readonly referralId: Scalars['ID']['input'];
  /** The contracts the person may choose from. */
  readonly contractIds: ReadonlyArray<Scalars['ID']['input']>;
  /** For contracts with several lots: which one the person would be in. */
  readonly lots?: InputMaybe<ReadonlyArray<GqlOfferedLotInput>>;
  readonly chooseBy: Scalars['Date']['input'];
};

export type GqlOfferedLotInput = {
  readonly contractId: Scalars['ID']['input'];
  readonly lotCode: Scalars['String']['input'];
};

export type GqlChooseProviderInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly contractId: Scalars['ID']['input'];
  readonly chosenBy: GqlChosenBy;
};

export type GqlAcceptReferralInput = {
  readonly referralId: Scalars['ID']['input'];
  /** The provider's own number of the person, found again by it. */
  readonly ownReference?: InputMaybe<Scalars['String']['input']>;
};

export type GqlDeclineReferralInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly code: GqlDeclineCode;
};

export type GqlReferralIdInput = {
  readonly referralId: Scalars['ID']['input'];
};

export type GqlStartReferralInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly startedOn: Scalars['Date']['input'];
};

export type GqlCompleteReferralInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly completedOn: Scalars['Date']['input'];
};

export type GqlEndReferralEarlyInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly endedOn: Scalars['Date']['input'];
  readonly code: GqlEarlyEndCode;
};

export type GqlRequestCancellationInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type GqlMarkEnteredInErrorInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type GqlCorrectAssessmentInput = {
  readonly referralId: Scalars['ID']['input'];
  readonly assessment: GqlAssessmentInput;
  readonly appliesFrom: Scalars['Date']['input'];
};

export type GqlClaimResult = GqlClaim | GqlRefusal;

export type GqlClaimBatchResult = GqlClaimBatch | GqlRefusal;

export type GqlPayeeAccountResult = GqlPayeeAccount | GqlRefusal;

export type GqlPaymentFileResult = GqlPaymentFile | GqlRefusal;

export type GqlImportBankFileResult = GqlBankImport | GqlRefusal;

export type GqlPayableResult = GqlPayable | GqlRefusal;

export type GqlUnmatchedItemResult = GqlUnmatchedItem | GqlRefusal;

export type GqlRecoveryResult = GqlRecovery | GqlRefusal;

export type GqlVersionChangeResult = GqlVersionChange | GqlRefusal;

export type GqlVersionChangeState =
  | 'PROPOSED'
  | 'CONFIRMED'
  | 'WITHDRAWN';

export type GqlVersionChange = {
  readonly __typename?: 'VersionChange';
  readonly id: Scalars['ID']['output'];
  readonly state: GqlVersionChangeState;
  readonly tariffId: Scalars['String']['output'];
  readonly fromVersion: Scalars['String']['output'];
  readonly toVersion: Scalars['String']['output'];
  /** Of this contract only; none for all contracts of the authority. */
  readonly contractId: Maybe<Scalars['ID']['output']>;
  readonly reason: Scalars['String']['output'];
  /** How many referrals moved; none until they have. */
  readonly referrals: Maybe<Scalars['Int']['output']>;
};

export type GqlClaimState =
  | 'GENERATED'
  | 'BLOCKED'
  | 'SUBMITTED'
  | 'IN_VALIDATION'
  | 'APPROVED'
  | 'CERTIFIED'
  | 'REJECTED'
  | 'RETURNED'
  | 'DISPUTED'
  | 'CANCELLED';

export type GqlClaimKind =
  | 'FEE'
  | 'ADJUSTMENT'
  | 'REVERSAL';

export type GqlClaim = {
  readonly __typename?: 'Claim';
  readonly id: Scalars['ID']['output'];
  /** For people: short, unique within the authority. */
  readonly number: Scalars['String']['output'];
  readonly kind: GqlClaimKind;
  readonly state: GqlClaimState;
  readonly referralId: Scalars['ID']['output'];
  /** Null once this organisation has no relation with the person any more: the claim stays, the person does not. */
  readonly personId: Maybe<Scalars['ID']['output']>;
  readonly contractId: Scalars['ID']['output'];
  readonly provider: GqlOrganisation;
  readonly tariffId: Scalars['String']['output'];
  readonly tariffVersion: Scalars['String']['output'];
  readonly feeId: Scalars['String']['output'];
  /** The day the fee became due. */
  readonly dueOn: Scalars['Date']['output'];
  readonly currency: Scalars['String']['output'];
  readonly askedMinor: Scalars['Minor']['output'];
  readonly approvedMinor: Maybe<Scalars['Minor']['output']>;
  readonly certifiedMinor: Maybe<Scalars['Minor']['output']>;
  readonly paidMinor: Scalars['Minor']['output'];
  /** The rule, the dates and the arithmetic that led to the amount, in words. */
  readonly why: Scalars['String']['output'];
  /** What holds it, as codes: none when it passed every automatic check. */
  readonly findings: ReadonlyArray<GqlFinding>;
  /** The claim that this one adjusts or reverses. */
  readonly correctsId: Maybe<Scalars['ID']['output']>;
  readonly approvedBy: Maybe<Scalars['String']['output']>;
  readonly certifiedBy: Maybe<Scalars['String']['output']>;
  readonly statementId: Maybe<Scalars['ID']['output']>;
};

export type GqlFinding = {
  readonly __typename?: 'Finding';
  readonly code: Scalars['String']['output'];
  readonly message: Scalars['String']['output'];
};

export type GqlClaimBatch = {
  readonly __typename?: 'ClaimBatch';
  readonly id: Scalars['ID']['output'];
  readonly state: GqlClaimBatchState;
  readonly count: Scalars['Int']['output'];
  readonly sumMinor: Scalars['Minor']['output'];
  readonly currency: Scalars['String']['output'];
  /** SHA-256 over the frozen claims' ids and amounts. */
  readonly hash: Scalars['String']['output'];
  readonly approvedBy: Scalars['String']['output'];
  readonly certifiedBy: Maybe<Scalars['String']['output']>;
  /** Claims that fell out because their facts changed. */
  readonly fellOut: ReadonlyArray<Scalars['ID']['output']>;
};

export type GqlClaimBatchState =
  | 'APPROVED'
  | 'CERTIFIED';

export type GqlPayeeAccount = {
  readonly __typename?: 'PayeeAccount';
  readonly id: Scalars['ID']['output'];
  readonly provider: GqlOrganisation;
  readonly iban: Scalars['String']['output'];
  readonly holder: Scalars['String']['output'];
  readonly state: GqlPayeeAccountState;
};

export type GqlPayeeAccountState =
  | 'PROPOSED'
  | 'CONFIRMED'
  | 'REPLACED'
  | 'CLOSED';

export type GqlProviderStatement = {
  readonly __typename?: 'ProviderStatement';
  readonly id: Scalars['ID']['output'];
  readonly number: Scalars['String']['output'];
  readonly provider: GqlOrganisation;
  /** YYYY-MM */
  readonly month: Scalars['String']['output'];
  readonly currency: Scalars['String']['output'];
  readonly broughtForwardMinor: Scalars['Minor']['output'];
  readonly lines: ReadonlyArray<GqlProviderStatementLine>;
  readonly netMinor: Scalars['Minor']['output'];
  /** Zero or negative: what is taken from later months because a payment is never negative. */
  readonly carriedForwardMinor: Scalars['Minor']['output'];
  readonly payable: Maybe<GqlPayable>;
};

export type GqlProviderStatementLine = {
  readonly __typename?: 'ProviderStatementLine';
  readonly kind: Scalars['String']['output'];
  readonly claimNumber: Maybe<Scalars['String']['output']>;
  readonly feeId: Maybe<Scalars['String']['output']>;
  readonly text: Scalars['String']['output'];
  readonly amountMinor: Scalars['Minor']['output'];
};

export type GqlPayable = {
  readonly __typename?: 'Payable';
  readonly id: Scalars['ID']['output'];
  readonly state: GqlPayableState;
  readonly provider: GqlOrganisation;
  readonly statementNumber: Scalars['String']['output'];
  readonly amountMinor: Scalars['Minor']['output'];
  readonly currency: Scalars['String']['output'];
  /** Structured creditor reference (ISO 11649). */
  readonly reference: Scalars['String']['output'];
  readonly endToEndId: Maybe<Scalars['String']['output']>;
  /** Why the bank rejected or returned it. */
  readonly reason: Maybe<Scalars['String']['output']>;
  readonly attempts: Scalars['Int']['output'];
};

export type GqlPayableState =
  | 'OPEN'
  | 'IN_FILE'
  | 'EXECUTED'
  | 'RECONCILED'
  | 'HELD';

export type GqlPaymentFile = {
  readonly __typename?: 'PaymentFile';
  readonly id: Scalars['ID']['output'];
  readonly messageId: Scalars['String']['output'];
  readonly state: GqlPaymentFileState;
  readonly executionDate: Scalars['Date']['output'];
  readonly count: Scalars['Int']['output'];
  readonly sumMinor: Scalars['Minor']['output'];
  readonly currency: Scalars['String']['output'];
  readonly preparedBy: Scalars['String']['output'];
  readonly releasedBy: Maybe<Scalars['String']['output']>;
  /** The pain.001.001.09 document; null until it is released. */
  readonly content: Maybe<Scalars['String']['output']>;
};

export type GqlPaymentFileState =
  | 'PREPARED'
  /** Sent; the bank has not answered for all of it. */
  | 'RELEASED'
  /** The bank refused some of its transfers. */
  | 'PARTLY_REJECTED'
  /** The bank refused all of them. */
  | 'REJECTED'
  /** The bank took all of them. What it returned later is told by the payable. */
  | 'ANSWERED'
  | 'DISCARDED';

export type GqlBankStatement = {
  readonly __typename?: 'BankStatement';
  readonly id: Scalars['ID']['output'];
  readonly account: Scalars['String']['output'];
  readonly statementId: Scalars['String']['output'];
  readonly date: Scalars['Date']['output'];
  readonly openingMinor: Maybe<Scalars['Minor']['output']>;
  readonly closingMinor: Maybe<Scalars['Minor']['output']>;
  readonly currency: Scalars['String']['output'];
  readonly lines: Scalars['Int']['output'];
  readonly matched: Scalars['Int']['output'];
};

export type GqlBankImport = {
  readonly __typename?: 'BankImport';
  /** pain.002, camt.052, camt.053 or camt.054, with its version. */
  readonly kind: Scalars['String']['output'];
  /** True when the same file or statement was imported before: nothing was changed. */
  readonly duplicate: Scalars['Boolean']['output'];
  readonly lines: Scalars['Int']['output'];
  readonly matched: Scalars['Int']['output'];
  readonly unmatched: Scalars['Int']['output'];
  readonly rejected: Scalars['Int']['output'];
  readonly returned: Scalars['Int']['output'];
};

export type GqlUnmatchedItem = {
  readonly __typename?: 'UnmatchedItem';
  readonly id: Scalars['ID']['output'];
  readonly kind: Scalars['String']['output'];
  readonly open: Scalars['Boolean']['output'];
  readonly since: Scalars['Date']['output'];
  readonly amountMinor: Scalars['Minor']['output'];
  readonly currency: Scalars['String']['output'];
  readonly text: Scalars['String']['output'];
  readonly candidates: ReadonlyArray<GqlMatchCandidate>;
  readonly resolution: Maybe<Scalars['String']['output']>;
  /** What it was, where it stands for no payable; while the item is open, what one person proposed. */
  readonly settlement: Maybe<GqlItemSettlement>;
};

export type GqlItemSettlement = {
  readonly __typename?: 'ItemSettlement';
  readonly as: GqlSettledAs;
  readonly reason: Scalars['String']['output'];
  readonly proposedBy: Scalars['String']['output'];
  readonly confirmedBy: Maybe<Scalars['String']['output']>;
};

export type GqlSettledAs =
  /** The provider repaid a recovery: matchUnmatchedItem with its id. */
  | 'REPAYMENT'
  /** The bank's charge or interest. */
  | 'BANK_CHARGE'
  /** Not this programme's: whoever else uses the account answers for it. */
  | 'OTHER_BUSINESS'
  /** A finding about a statement that was looked into; no money is moved. */
  | 'NOTED'
  /** A payment that no bank line shows was never made: it is held, and may be released into another file. */
  | 'NOT_PAID';

export type GqlMatchCandidate = {
  readonly __typename?: 'MatchCandidate';
  readonly payableId: Scalars['ID']['output'];
  readonly why: Scalars['String']['output'];
};

export type GqlRecovery = {
  readonly __typename?: 'Recovery';
  readonly id: Scalars['ID']['output'];
  readonly state: GqlRecoveryState;
  readonly provider: GqlOrganisation;
  readonly claimId: Scalars['ID']['output'];
  readonly amountMinor: Scalars['Minor']['output'];
  readonly recoveredMinor: Scalars['Minor']['output'];
  readonly currency: Scalars['String']['output'];
  readonly reason: Scalars['String']['output'];
  readonly providerAnswer: Maybe<Scalars['String']['output']>;
};

export type GqlRecoveryState =
  | 'PROPOSED'
  | 'ANSWERED'
  | 'DUE'
  | 'OFFSET'
  | 'REPAID'
  | 'WRITTEN_OFF'
  | 'DROPPED';

export type GqlProgrammeSummary = {
  readonly __typename?: 'ProgrammeSummary';
  readonly people: Scalars['Int']['output'];
  /** Referrals that a provider accepted once, whatever became of them: each has its commitment. */
  readonly referralsAccepted: Scalars['Int']['output'];
  readonly referralsByState: ReadonlyArray<GqlCountByCode>;
  readonly outcomesByKind: ReadonlyArray<GqlCountByCode>;
  readonly claimsByState: ReadonlyArray<GqlCountByCode>;
  readonly moneyByFee: ReadonlyArray<GqlMoneyByFee>;
  readonly commitmentsByState: ReadonlyArray<GqlCountByCode>;
  /** What the best case of every accepted referral would cost. */
  readonly committed: ReadonlyArray<GqlMoneySum>;
  /** Of it, what was certified and not recovered. */
  readonly drawn: ReadonlyArray<GqlMoneySum>;
  /** What may still be drawn: of open commitments what is left, of settled ones the claims that wait to be certified. */
  readonly reserved: ReadonlyArray<GqlMoneySum>;
  readonly certified: ReadonlyArray<GqlMoneySum>;
  /** Ordered in released payment files: paid, rejected, returned or not answered yet. */
  readonly sent: ReadonlyArray<GqlMoneySum>;
  /** Sent, and the bank has neither executed nor rejected it. */
  readonly awaiting: ReadonlyArray<GqlMoneySum>;
  /** With the provider now: executed and not returned. */
  readonly paid: ReadonlyArray<GqlMoneySum>;
  /** Refused by the bank before anything was booked, attempt by attempt. */
  readonly rejected: ReadonlyArray<GqlMoneySum>;
  /** Booked and sent back by the bank, attempt by attempt. */
  readonly returned: ReadonlyArray<GqlMoneySum>;
  readonly reconciled: ReadonlyArray<GqlMoneySum>;
  readonly recovered: ReadonlyArray<GqlMoneySum>;
  /** Of it, what providers transferred back; the rest was taken from later months. */
  readonly repaid: ReadonlyArray<GqlMoneySum>;
  /** Decided to be recovered and not recovered yet, as the books have it. */
  readonly toRecover: ReadonlyArray<GqlMoneySum>;
  /** What nobody will give back, as the books have it. */
  readonly writtenOff: ReadonlyArray<GqlMoneySum>;
  /** Certified and not paid yet, as the books have it. */
  readonly owed: ReadonlyArray<GqlMoneySum>;
  /** Executed by the bank and not yet on a bank statement, as the books have it. */
  readonly inTransit: ReadonlyArray<GqlMoneySum>;
  readonly breaksByReason: ReadonlyArray<GqlCountByCode>;
  /** Zero for each currency, or the books do not add up. */
  readonly trialBalance: ReadonlyArray<GqlMoneySum>;
};

export type GqlCountByCode = {
  readonly __typename?: 'CountByCode';
  readonly code: Scalars['String']['output'];
  readonly count: Scalars['Int']['output'];
};

export type GqlMoneySum = {
  readonly __typename?: 'MoneySum';
  readonly currency: Scalars['String']['output'];
  readonly amountMinor: Scalars['Minor']['output'];
};

export type GqlMoneyByFee = {
  readonly __typename?: 'MoneyByFee';
  readonly tariffId: Scalars['String']['output'];
  readonly feeId: Scalars['String']['output'];
  readonly claims: Scalars['Int']['output'];
  readonly currency: Scalars['String']['output'];
  readonly certifiedMinor: Scalars['Minor']['output'];
};

export type GqlClaimConnection = {
  readonly __typename?: 'ClaimConnection';
  readonly edges: ReadonlyArray<GqlClaimEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlClaimEdge = {
  readonly __typename?: 'ClaimEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlClaim;
};

export type GqlClaimBatchConnection = {
  readonly __typename?: 'ClaimBatchConnection';
  readonly edges: ReadonlyArray<GqlClaimBatchEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlClaimBatchEdge = {
  readonly __typename?: 'ClaimBatchEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlClaimBatch;
};

export type GqlVersionChangeConnection = {
  readonly __typename?: 'VersionChangeConnection';
  readonly edges: ReadonlyArray<GqlVersionChangeEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlVersionChangeEdge = {
  readonly __typename?: 'VersionChangeEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlVersionChange;
};

export type GqlPayeeAccountConnection = {
  readonly __typename?: 'PayeeAccountConnection';
  readonly edges: ReadonlyArray<GqlPayeeAccountEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlPayeeAccountEdge = {
  readonly __typename?: 'PayeeAccountEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlPayeeAccount;
};

export type GqlProviderStatementConnection = {
  readonly __typename?: 'ProviderStatementConnection';
  readonly edges: ReadonlyArray<GqlProviderStatementEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlProviderStatementEdge = {
  readonly __typename?: 'ProviderStatementEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlProviderStatement;
};

export type GqlPayableConnection = {
  readonly __typename?: 'PayableConnection';
  readonly edges: ReadonlyArray<GqlPayableEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlPayableEdge = {
  readonly __typename?: 'PayableEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlPayable;
};

export type GqlPaymentFileConnection = {
  readonly __typename?: 'PaymentFileConnection';
  readonly edges: ReadonlyArray<GqlPaymentFileEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlPaymentFileEdge = {
  readonly __typename?: 'PaymentFileEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlPaymentFile;
};

export type GqlBankStatementConnection = {
  readonly __typename?: 'BankStatementConnection';
  readonly edges: ReadonlyArray<GqlBankStatementEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlBankStatementEdge = {
  readonly __typename?: 'BankStatementEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlBankStatement;
};

export type GqlUnmatchedItemConnection = {
  readonly __typename?: 'UnmatchedItemConnection';
  readonly edges: ReadonlyArray<GqlUnmatchedItemEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlUnmatchedItemEdge = {
  readonly __typename?: 'UnmatchedItemEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlUnmatchedItem;
};

export type GqlRecoveryConnection = {
  readonly __typename?: 'RecoveryConnection';
  readonly edges: ReadonlyArray<GqlRecoveryEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlRecoveryEdge = {
  readonly __typename?: 'RecoveryEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlRecovery;
};

export type GqlApproveClaimsInput = {
  /** Exceptions, one by one; left out: all that passed every automatic check. */
  readonly claimIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly contractId?: InputMaybe<Scalars['ID']['input']>;
  readonly dueUntil: Scalars['Date']['input'];
};

export type GqlCertifyClaimsInput = {
  readonly batchId: Scalars['ID']['input'];
  readonly count: Scalars['Int']['input'];
  readonly sumMinor: Scalars['Minor']['input'];
};

export type GqlRejectClaimInput = {
  readonly claimId: Scalars['ID']['input'];
  readonly code: Scalars['String']['input'];
  readonly reason: Scalars['String']['input'];
};

export type GqlReturnClaimInput = {
  readonly claimId: Scalars['ID']['input'];
  readonly code: Scalars['String']['input'];
  readonly reason: Scalars['String']['input'];
};

export type GqlResubmitClaimInput = {
  readonly claimId: Scalars['ID']['input'];
  readonly note: Scalars['String']['input'];
};

export type GqlDisputeClaimInput = {
  readonly claimId: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type GqlAnswerDisputeInput = {
  readonly claimId: Scalars['ID']['input'];
  readonly upheld: Scalars['Boolean']['input'];
  readonly answer: Scalars['String']['input'];
};

export type GqlProposePayeeAccountInput = {
  readonly iban: Scalars['String']['input'];
  readonly bic?: InputMaybe<Scalars['String']['input']>;
  readonly holder: Scalars['String']['input'];
  /** Which authority is to pay there; left out where the provider has to do with one only. An authority names its own account. */
  readonly authorityId?: InputMaybe<Scalars['ID']['input']>;
};

export type GqlProposeVersionChangeInput = {
  readonly tariffId: Scalars['String']['input'];
  readonly fromVersion: Scalars['String']['input'];
  readonly toVersion: Scalars['String']['input'];
  /** Of this contract only; left out for all contracts of the authority. */
  readonly contractId?: InputMaybe<Scalars['ID']['input']>;
  readonly reason: Scalars['String']['input'];
};

export type GqlConfirmVersionChangeInput = {
  readonly versionChangeId: Scalars['ID']['input'];
  /** True makes it so, by another person than the one who proposed it; false withdraws it. */
  readonly confirm: Scalars['Boolean']['input'];
};

export type GqlPayeeAccountIdInput = {
  readonly accountId: Scalars['ID']['input'];
};

export type GqlPreparePaymentFileInput = {
  readonly executionDate: Scalars['Date']['input'];
};

export type GqlPaymentFileIdInput = {
  readonly paymentFileId: Scalars['ID']['input'];
};

export type GqlImportBankFileInput = {
  readonly name: Scalars['String']['input'];
  readonly content: Scalars['String']['input'];
};

export type GqlPayableIdInput = {
  readonly payableId: Scalars['ID']['input'];
};

export type GqlMatchUnmatchedItemInput = {
  readonly itemId: Scalars['ID']['input'];
  /** The payable that was paid, or came back: this or one of the next two. */
  readonly payableId?: InputMaybe<Scalars['ID']['input']>;
  /** Several payables that were paid together: they add up to the line. At most 100. */
  readonly payableIds?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** The recovery that the provider repaid. */
  readonly recoveryId?: InputMaybe<Scalars['ID']['input']>;
  readonly reason: Scalars['String']['input'];
};

export type GqlSettleUnmatchedItemInput = {
  readonly itemId: Scalars['ID']['input'];
  readonly as: GqlSettledAs;
  readonly reason: Scalars['String']['input'];
};

export type GqlUndoMatchInput = {
  /** What was matched or settled through the queue: this or the next. */
  readonly itemId?: InputMaybe<Scalars['ID']['input']>;
  /** The payable whose last match was wrong, also one that was made by itself. */
  readonly payableId?: InputMaybe<Scalars['ID']['input']>;
  readonly reason: Scalars['String']['input'];
};

export type GqlAnswerRecoveryInput = {
  readonly recoveryId: Scalars['ID']['input'];
  readonly accepted: Scalars['Boolean']['input'];
  readonly answer: Scalars['String']['input'];
};

export type GqlDecideRecoveryInput = {
  readonly recoveryId: Scalars['ID']['input'];
  readonly decision: GqlRecoveryDecision;
};

export type GqlRecoveryDecision =
  | 'RECOVER'
  | 'DROP'
  | 'WRITE_OFF';

export type GqlImportVacanciesResult = GqlVacancyImport | GqlRefusal;

export type GqlVacancyDoor =
  /** The feed of the Norwegian public employment service: a page, or one advertisement, as JSON. */
  | 'NAV'
  /** Advertisements of the Swedish public employment service, before or after their conversion, as JSON. */
  | 'JOBTECH';

export type GqlVacancyOutcome =
  | 'IMPORTED'
  | 'CHANGED'
  | 'UNCHANGED'
  | 'REMOVED'
  | 'REFUSED';

export type GqlVacancyContract =
  | 'PERMANENT'
  | 'TEMPORARY'
  | 'OTHER';

export type GqlVacancyHours =
  | 'FULL_TIME'
  | 'PART_TIME';

export type GqlVacancy = {
  readonly __typename?: 'Vacancy';
  readonly id: Scalars['ID']['output'];
  /** The organisation that shares it. */
  readonly sharedBy: Scalars['ID']['output'];
  readonly door: GqlVacancyDoor;
  /** The source's own identity of it. */
  readonly externalId: Scalars['String']['output'];
  readonly title: Scalars['String']['output'];
  /** Plain text; mail addresses and telephone numbers are left at the source. */
  readonly description: Scalars['String']['output'];
  readonly employerName: Maybe<Scalars['String']['output']>;
  /** The employer's number in its country's business register. */
  readonly employerNumber: Maybe<Scalars['String']['output']>;
  readonly occupations: ReadonlyArray<GqlVacancyOccupation>;
  readonly places: ReadonlyArray<GqlVacancyPlace>;
  readonly positions: Maybe<Scalars['Int']['output']>;
  readonly contract: Maybe<GqlVacancyContract>;
  readonly hours: Maybe<GqlVacancyHours>;
  readonly publishedOn: Scalars['Date']['output'];
  /** The last day on which one can apply. */
  readonly closesOn: Maybe<Scalars['Date']['output']>;
  /** The day it was taken down before its time. */
  readonly removedOn: Maybe<Scalars['Date']['output']>;
  /** Where to apply, and whom to ask. */
  readonly applyUrl: Maybe<Scalars['String']['output']>;
  /** What came of it; told only to the organisation that shares it. */
  readonly placements: Maybe<GqlVacancyPlacements>;
};

export type GqlVacancyPlacements = {
  readonly __typename?: 'VacancyPlacements';
  /** Jobs that providers reported for it and that were not taken back. */
  readonly reported: Scalars['Int']['output'];
  /** Of them those that are proven. */
  readonly verified: Scalars['Int']['output'];
};

export type GqlVacancyOccupation = {
  readonly __typename?: 'VacancyOccupation';
  /** The classification, as its source names it: ISCO08, STYRK08NAV, AMS, SSYK, JOBTECH. */
  readonly scheme: Scalars['String']['output'];
  readonly code: Scalars['String']['output'];
  readonly label: Maybe<Scalars['String']['output']>;
};

export type GqlVacancyPlace = {
  readonly __typename?: 'VacancyPlace';
  /** ISO 3166-1, two letters. */
  readonly country: Maybe<Scalars['String']['output']>;
  readonly regionCode: Maybe<Scalars['String']['output']>;
  readonly region: Maybe<Scalars['String']['output']>;
  readonly municipalityCode: Maybe<Scalars['String']['output']>;
  readonly municipality: Maybe<Scalars['String']['output']>;
  readonly postCode: Maybe<Scalars['String']['output']>;
  readonly city: Maybe<Scalars['String']['output']>;
};

export type GqlVacancyConnection = {
  readonly __typename?: 'VacancyConnection';
  readonly edges: ReadonlyArray<GqlVacancyEdge>;
  readonly pageInfo: GqlPageInfo;
};

export type GqlVacancyEdge = {
  readonly __typename?: 'VacancyEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: GqlVacancy;
};

export type GqlVacancyImport = {
  readonly __typename?: 'VacancyImport';
  readonly imported: Scalars['Int']['output'];
  readonly changed: Scalars['Int']['output'];
  readonly unchanged: Scalars['Int']['output'];
  readonly removed: Scalars['Int']['output'];
  readonly refused: Scalars['Int']['output'];
  readonly rows: ReadonlyArray<GqlVacancyImportRow>;
};

export type GqlVacancyImportRow = {
  readonly __typename?: 'VacancyImportRow';
  /** Place in the document, from 1. */
  readonly row: Scalars['Int']['output'];
  readonly externalId: Maybe<Scalars['String']['output']>;
  readonly outcome: GqlVacancyOutcome;
  readonly vacancyId: Maybe<Scalars['ID']['output']>;
  /** Of a refused row: the member at fault. */
  readonly field: Maybe<Scalars['String']['output']>;
  /** Of a refused row: what was expected there. */
  readonly rule: Maybe<Scalars['String']['output']>;
};

export type GqlVacancyFilterInput = {
  /** Words of title, employer or description, each at least by its beginning. */
  readonly text?: InputMaybe<Scalars['String']['input']>;
  /** A code of any classification, for example 7411 (ISCO-08) or 2sRC_oHm_7XA (JobTech). */
  readonly occupationCode?: InputMaybe<Scalars['String']['input']>;
  readonly municipalityCode?: InputMaybe<Scalars['String']['input']>;
  readonly regionCode?: InputMaybe<Scalars['String']['input']>;
  /** The employer's number, or the beginning of its name. */
  readonly employer?: InputMaybe<Scalars['String']['input']>;
  readonly publishedFrom?: InputMaybe<Scalars['Date']['input']>;
  readonly publishedTo?: InputMaybe<Scalars['Date']['input']>;
  /** A day on which one could apply. */
  readonly openOn?: InputMaybe<Scalars['Date']['input']>;
};

export type GqlImportVacanciesInput = {
  readonly door: GqlVacancyDoor;
  /** The document as it came, as text. */
  readonly document: Scalars['String']['input'];
};
