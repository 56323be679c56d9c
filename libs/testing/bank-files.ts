import { asCurrency, formatMinor } from '#libs/kernel/index.js';

const EUR = asCurrency('EUR');
const amount = (minor: bigint): string =>
  `<Amt Ccy="EUR">${formatMinor(minor < 0n ? -minor : minor, EUR)}</Amt><CdtDbtInd>${minor < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;

/** One line of a bank statement as a bank writes it. Positive: money in. */
export interface TestLine {
  readonly amountMinor: bigint;
  /** Where the line is of several transactions: their amounts. */
  readonly partsMinor?: readonly bigint[];
  readonly bankReference: string;
  readonly endToEndId?: string;
  readonly reference?: string;
  readonly returnReason?: string;
  /** One line for a whole payment information block, without its transactions. */
  readonly batchOf?: string;
  readonly text?: string;
}

const transaction = (minor: bigint, { endToEndId, reference, returnReason, text }: TestLine): string => `
      <TxDtls><Refs><EndToEndId>${endToEndId ?? 'NOTPROVIDED'}</EndToEndId></Refs>${amount(minor)}
      <RmtInf>${reference === undefined ? '' : `<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>${reference}</Ref></CdtrRefInf></Strd>`}
        ${text === undefined ? '' : `<Ustrd>${text}</Ustrd>`}</RmtInf>
      ${returnReason === undefined ? '' : `<RtrInf><Rsn><Cd>${returnReason}</Cd></Rsn></RtrInf>`}
    </TxDtls>`;

const detailsOf = (told: TestLine): string =>
  told.batchOf === undefined
    ? (told.partsMinor ?? [told.amountMinor]).map((minor) => transaction(minor, told)).join('')
    : `<Btch><PmtInfId>${told.batchOf}</PmtInfId></Btch>`;

const line = (day: string, told: TestLine): string => `
  <Ntry>${amount(told.amountMinor)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt><ValDt><Dt>${day}</Dt></ValDt>
    <AcctSvcrRef>${told.bankReference}</AcctSvcrRef>
    <NtryDtls>${detailsOf(told)}</NtryDtls>
  </Ntry>`;

/** An end-of-day statement; opening plus lines is closing unless `closingMinor` says otherwise. */
export function camt053(statement: {
  readonly id: string;
  readonly iban: string;
  readonly day: string;
  readonly openingMinor: bigint;
  readonly closingMinor?: bigint;
  readonly lines: readonly TestLine[];
}): string {
  const { id, iban, day, openingMinor, lines } = statement;
  const closingMinor = statement.closingMinor ?? lines.reduce((sum, each) => sum + each.amountMinor, openingMinor);
  const balance = (type: string, minor: bigint): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp>${amount(minor)}<Dt><Dt>${day}</Dt></Dt></Bal>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
  <GrpHdr><MsgId>${id}</MsgId><CreDtTm>${day}T20:00:00Z</CreDtTm></GrpHdr>
  <Stmt><Id>${id}</Id><CreDtTm>${day}T20:00:00Z</CreDtTm><Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
  ${balance('OPBD', openingMinor)}${balance('CLBD', closingMinor)}${lines.map((each) => line(day, each)).join('')}
  </Stmt></BkToCstmrStmt></Document>`;
}

/** A status report on one of our files: what it says of each transfer. */
export function pain002(report: {
  readonly id: string;
  readonly messageId: string;
  readonly transfers: readonly { readonly endToEndId: string; readonly status: string; readonly reason?: string }[];
}): string {
  const transfers = report.transfers.map(
    ({ endToEndId, status, reason }) =>
      `<TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId><TxSts>${status}</TxSts>${
        reason === undefined ? '' : `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>`
      }</TxInfAndSts>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.11"><CstmrPmtStsRpt>
  <GrpHdr><MsgId>${report.id}</MsgId><CreDtTm>2018-06-02T06:00:00Z</CreDtTm></GrpHdr>
  <OrgnlGrpInfAndSts><OrgnlMsgId>${report.messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
  <OrgnlPmtInfAndSts><OrgnlPmtInfId>${report.messageId}-1</OrgnlPmtInfId>${transfers.join('')}</OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>`;
}
