import { pino, type Logger } from 'pino';

/** One line of JSON an entry, on standard output. */
export const createLogger = (app: string, level: string): Logger => pino({ base: { app }, level });
