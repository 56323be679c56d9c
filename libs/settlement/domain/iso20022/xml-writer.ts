/** An element to write: its name and either text or children. Absent children (undefined) are left out. */
export type XmlPart = XmlOutput | undefined;
export interface XmlOutput {
  readonly name: string;
  readonly attributes: string;
  readonly content: string | readonly XmlPart[];
}

/** `element('Amt', '10.00', { Ccy: 'EUR' })` or `element('Id', [element('IBAN', iban)])`. */
export const element = (
  name: string,
  content: string | readonly XmlPart[],
  attributes: Readonly<Record<string, string>> = {},
): XmlOutput => ({
  name,
  content,
  attributes: Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join(''),
});

/** `element(name, content)`, or nothing where there is no content. */
export const optional = (name: string, content: string | null | undefined): XmlPart =>
  content == null || content === '' ? undefined : element(name, content);

/** A whole document, indented, UTF-8, in the given namespace. */
export function writeXml(root: XmlOutput): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  write(root, '', lines);
  return `${lines.join('\n')}\n`;
}

function write({ name, attributes, content }: XmlOutput, indent: string, lines: string[]): void {
  if (typeof content === 'string') {
    lines.push(`${indent}<${name}${attributes}>${escapeXml(content)}</${name}>`);
    return;
  }
  lines.push(`${indent}<${name}${attributes}>`);
  for (const child of content) if (child !== undefined) write(child, `${indent}  `, lines);
  lines.push(`${indent}</${name}>`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? character);
