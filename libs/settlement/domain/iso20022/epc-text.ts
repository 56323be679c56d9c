import { HubError } from '#libs/kernel/index.js';

/** The characters every bank of the scheme takes (EPC rulebook, implementation guidelines 1.4). */
const NOT_ALLOWED = /[^A-Za-z0-9/\-?:().,'+ ]/u;

/** Best-practice replacements for what has no base letter of the Latin alphabet. */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map(
  [
    'ßs ẞS æae ÆAe œoe ŒOe øo ØO đd ĐD łl ŁL ðd ÐD þth ÞTh ħh ĦH ıi ŋn ŊN ĸq ŧt ŦT',
    "&+ _- ;, !. *. #. %. @. $. =. |/ \\/ [( ]) {( }) <( >) ~- ^. `' \"' «' »' ‘' ’' ‚' ‛' “' ”' „' ‹' ›' ´' ·. •. …... –- —- −- €E £. §. №N º. ª.",
    'αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo',
    'ΑA ΒV ΓG ΔD ΕE ΖZ ΗI ΘTh ΙI ΚK ΛL ΜM ΝN ΞX ΟO ΠP ΡR ΣS ΤT ΥY ΦF ΧCh ΨPs ΩO',
    'аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щsht ъa ьy юyu яya',
    'АA БB ВV ГG ДD ЕE ЖZh ЗZ ИI ЙY КK ЛL МM НN ОO ПP РR СS ТT УU ФF ХH ЦTs ЧCh ШSh ЩSht ЪA ЬY ЮYu ЯYa',
  ]
    .flatMap((line) => line.split(' '))
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);

/**
 * A text for a payment file: accents are dropped (`Müller & Söhne` → `Muller + Sohne`), Greek and Bulgarian letters are written in
 * Latin ones (EPC217-08), blanks are made one. Refuses what has no replacement rather than sending something else.
 *
 * Errors: `payment-file.characters`, `payment-file.too-long`, `payment-file.empty`; each names `field`, none repeats the text.
 */
export function epcText(text: string, field: string, maxLength: number): string {
  const withoutAccents = replaced(text.normalize('NFC')).normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const plain = replaced(withoutAccents).replaceAll(/\s+/g, ' ').trim();
  refuseCharacters(plain, field);
  if (plain === '') throw new HubError('payment-file.empty', `${field} is empty.`, { field });
  if (plain.length > maxLength) {
    throw new HubError('payment-file.too-long', `${field} has ${plain.length} characters: at most ${maxLength}.`, {
      field,
    });
  }
  return plain;
}

const replaced = (text: string): string =>
  Array.from(text, (character) => REPLACEMENTS.get(character) ?? character).join('');

/** The longest identification a payment file may carry (ISO 20022 Max35Text). */
export const PAYMENT_ID_MAX_LENGTH = 35;

/**
 * An identification for a payment file, taken as it is or refused: it must come back from the bank unchanged. It neither begins nor
 * ends with a slash, nor holds two in a row (EPC implementation guidelines 1.4).
 *
 * Errors: `payment-file.characters`, `payment-file.too-long`, `payment-file.empty`, `payment-file.slash`.
 */
export function epcId(id: string, field: string, maxLength = PAYMENT_ID_MAX_LENGTH): string {
  refuseCharacters(id, field);
  if (id === '' || id !== id.trim()) {
    throw new HubError('payment-file.empty', `${field} is empty, or begins or ends with a blank.`, { field });
  }
  if (id.length > maxLength) {
    throw new HubError('payment-file.too-long', `${field} has ${id.length} characters: at most ${maxLength}.`, {
      field,
    });
  }
  if (id.startsWith('/') || id.endsWith('/') || id.includes('//')) {
    throw new HubError('payment-file.slash', `${field} begins or ends with a slash, or has two in a row.`, { field });
  }
  return id;
}

function refuseCharacters(text: string, field: string): void {
  const found = NOT_ALLOWED.exec(text)?.[0].codePointAt(0);
  if (found === undefined) return;
  const code = `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
  throw new HubError(
    'payment-file.characters',
    `${field} holds the character ${code}, which no bank of the scheme must take.`,
    { field, facts: { character: code } },
  );
}
