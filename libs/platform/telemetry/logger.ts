import { pino, type Logger } from 'pino';

/** What a process may be told to log. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** One line of JSON an entry, on standard output. */
export const createLogger = (app: string, level: string): Logger => pino({ base: { app }, level });
