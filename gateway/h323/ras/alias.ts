import type { AliasAddress } from '../h225/index.ts';
import { addressText, fromTransport } from './address.ts';

/* H.225.0 AliasAddress ↔ the text that people type. */

/** An alias as text; `undefined` for a kind that has none. */
export function aliasText(alias: AliasAddress): string | undefined {
  const text =
    alias.dialedDigits ??
    alias['h323-ID'] ??
    alias['url-ID'] ??
    alias['email-ID'] ??
    partyNumberText(alias) ??
    transportText(alias);
  // Some stacks count the terminating NUL of their strings.
  const plain = text?.replace(/\0+$/, '').trim();
  return plain === '' ? undefined : plain;
}

/** The texts of a list of aliases, each once, in order. */
export function aliasTexts(aliases: readonly AliasAddress[] | undefined): string[] {
  return [...new Set((aliases ?? []).map(aliasText).filter((text) => text !== undefined))];
}

/** A text as an alias: dialled digits where it is made of those, else an H.323 identifier. */
export function toAlias(text: string): AliasAddress {
  return /^[\d#*,]{1,128}$/.test(text) ? { dialedDigits: text } : { 'h323-ID': text.slice(0, 256) };
}

/** What aliases are compared by. */
export function aliasKey(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function partyNumberText({ partyNumber }: AliasAddress): string | undefined {
  return (
    partyNumber?.e164Number?.publicNumberDigits ??
    partyNumber?.privateNumber?.privateNumberDigits ??
    partyNumber?.dataPartyNumber ??
    partyNumber?.telexPartyNumber ??
    partyNumber?.nationalStandardPartyNumber
  );
}

function transportText({ transportID }: AliasAddress): string | undefined {
  const address = fromTransport(transportID);
  return address === undefined ? undefined : addressText(address);
}
