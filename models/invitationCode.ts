/**
 * Invitation codes: eleven characters that let one person answer once. The same alphabet and check character as link
 * codes (models/linkCode.ts); ten characters are 6.1 million million possibilities, so that of three hundred thousand
 * codes one guess in twenty million finds one.
 */
import { ALPHABET, checkedSymbols, LINK_CODE_LENGTH, readSymbols, withoutSeparators } from './linkCode.js';

declare const invitationBrand: unique symbol;

/** A code whose check character is right, in capitals without separators. */
export type InvitationCode = string & { readonly [invitationBrand]: true };

const SYMBOLS = 10;
const LENGTH = SYMBOLS + 1;
const BASE = BigInt(ALPHABET.length);

/** The code of eight or more random bytes, of which the first eight count; the bias of the division is below 10⁻⁶. */
export function invitationCodeOf(bytes: Buffer): InvitationCode {
  let rest = bytes.readBigUInt64BE();
  const digits = Array.from({ length: SYMBOLS }, () => {
    const digit = Number(rest % BASE);
    rest /= BASE;
    return digit;
  });
  return checkedSymbols(digits) as InvitationCode;
}

/** The code a person typed, whatever its case, spaces or hyphens; null where it cannot be right. */
export function parseInvitationCode(typed: string): InvitationCode | null {
  return readSymbols(typed, LENGTH) as InvitationCode | null;
}

/** Whether something mistyped is nearer to an invitation code than to the shorter link code. */
export function isMeantAsInvitation(typed: string): boolean {
  return 2 * withoutSeparators(typed).length > LENGTH + LINK_CODE_LENGTH;
}

/** A code as it is printed: groups of four, four and three. */
export function printedInvitationCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}
