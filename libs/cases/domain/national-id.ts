/**
 * A national identifier as it is kept and compared: without the spaces and in the capitals that people leave out or put in when they
 * type it, so that one person is not put on record twice.
 */
export const nationalIdOf = (text: string): string => text.replaceAll(/\s/g, '').toUpperCase();
