/** ISO 20022 as this hub speaks it with a bank: what it writes (pain.001) and what it reads (pain.002, camt.052, .053, .054). */
export * from './bank-statement.js';
export * from './credit-transfer-file.js';
export * from './creditor-reference.js';
export { epcId, epcText, PAYMENT_ID_MAX_LENGTH } from './epc-text.js';
export * from './payment-status-report.js';
export * from './read-bank-file.js';
export type { SignedAmount } from './values.js';
export { BANK_FILE_MAX_CHARACTERS, decodeXml, type XmlContent } from './xml-reader.js';
