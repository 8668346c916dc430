/** The journal's hash chain (SYN1): each row's hash covers the row before, so a change anywhere shows at the head. */
import { sha256Hex } from "../digest.ts";
import { writerOf } from "../ids.ts";

/** What the first row of an epoch follows. Bound to the writer, so that one journal cannot pose as another. */
export function chainStart(source: string, epoch: number): string {
  return sha256Hex(`regulars/journal/${writerOf(source, epoch)}`);
}

export function chainHash(previous: string, body: string): string {
  return sha256Hex(chainText(previous, body));
}

/** What the hash of a row is that of, for whoever has a faster SHA-256 than this package. */
export const chainText = (previous: string, body: string): string => `${previous}\n${body}`;
