import { readFileSync } from 'node:fs';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';

/** What an XML Schema says against a document: one sentence each, none where it is valid. */
export function xsdErrors(content: string, xsdPath: string): readonly string[] {
  using schema = XmlDocument.fromBuffer(readFileSync(xsdPath));
  using validator = XsdValidator.fromDoc(schema);
  using document = XmlDocument.fromString(content);
  try {
    validator.validate(document);
    return [];
  } catch (error) {
    if (error instanceof XmlValidateError)
      return error.details.map(({ line, message }) => `${line}: ${message.trim()}`);
    throw error;
  }
}
