/** The pure words all share: no framework, no driver, no clock, no random source. */
export * from './assert-never.js';
export * from './decimal.js';
export * from './envelope.js';
export * from './hub-error.js';
export * from './id.js';
export * from './local-date.js';
export * from './money.js';
export * from './result.js';
export * from './term.js';
export * from './working-calendar.js';
