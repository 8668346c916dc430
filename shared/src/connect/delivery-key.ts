/** Keys of what is delivered: the sender's own name for it where it has one that can stand in a key. */
import { sha256Hex } from "../digest.ts";

/** Fits into a key, into a row, and into one line of the desk. */
const PLAIN_NAME = /^[\w.:/@+=#-]{1,128}$/;

export const isPlainName = (name: string): boolean => PLAIN_NAME.test(name);

export const contentKey = (prefix: string, said: string | Uint8Array): string =>
  `${prefix}:${sha256Hex(said)}`;

export const namedKey = (prefix: string, name: string): string =>
  isPlainName(name) ? `${prefix}:${name}` : contentKey(prefix, name);
