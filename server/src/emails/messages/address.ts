/** Addresses and header texts (D8): our own grammar, so that nothing a customer typed can add a recipient or a header. */

const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^(?=.{1,253}$)(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;
const MAX_ADDRESS = 254;
const MAX_LOCAL = 64;

/** Exactly one plain address: no list, group, comment, quoted part or control character. */
export function isSendableAddress(address: string): boolean {
  const at = address.lastIndexOf('@');
  if (at < 1 || address.length > MAX_ADDRESS || at > MAX_LOCAL) return false;
  return LOCAL.test(address.slice(0, at)) && DOMAIN.test(address.slice(at + 1)) && !/[\p{C}\s]/u.test(address);
}

/** The form addresses are compared in: suppressions, allow-lists. */
export function normalizeAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase();
}

/** A text fit for a header: control characters and line separators become one space. */
export function headerText(text: string): string {
  return text.replace(/[\p{Cc}\u0085\u2028\u2029]+/gu, ' ').trim();
}
