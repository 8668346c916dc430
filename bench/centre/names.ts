/**
 * Names in the rows of the template, and those that take their places in a copy: ids of customers, units and keys, digests in
 * hex, and the store in the names of its tills. Each is as long as the one before.
 */
import { TEMPLATE_STORE } from "./template.ts";

/** Keys, ids of customers (led by a `c`) and of units (by a `u`), digests in hex, the store. */
const IN_TEXT =
  /(?<![A-Za-z0-9_-])([cu]?)([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])|(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])|s000/g;
/** Yjs writes texts without anything between them but their lengths. */
const IN_STATE = /(loyalty:|email:|phone:)([A-Za-z0-9_-]{22})|s000/g;

const DIGITS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
/** Copies have numbers below it: a name that begins like a copy's own by chance gets another beginning. */
const COPIES_MOST = 2_048;

export type Renamed = (copy: number) => string;

interface Piece {
  /** What stands before the name. */
  readonly lead: string;
  readonly is: "id" | "hex" | "store";
  readonly name: string;
}

/** A text that is taken apart once and put together for each copy. */
export function renamedIn(text: string, isState = false): Renamed {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(isState ? IN_STATE : IN_TEXT)) {
    const [all, kind = "", id, hex] = found;
    const lead = text.slice(from, found.index) + (id === undefined ? "" : kind);
    if (id !== undefined) pieces.push({ lead, is: "id", name: id });
    else if (hex !== undefined) pieces.push({ lead, is: "hex", name: hex });
    else pieces.push({ lead, is: "store", name: all });
    from = found.index + all.length;
  }
  const rest = text.slice(from);
  if (pieces.length === 0) return () => text;
  return (copy) => {
    let made = "";
    for (const { lead, is, name } of pieces) made += lead + NAMES[is](name, copy);
    return made + rest;
  };
}

const NAMES: Readonly<Record<Piece["is"], (name: string, copy: number) => string>> = {
  id: (name, copy) => {
    const mark = markOf(copy);
    return (name.startsWith(mark) ? markOf(copy + COPIES_MOST) : mark) + name.slice(2);
  },
  hex: (name, copy) => {
    const lead = hexOf(copy);
    return (name.startsWith(lead) ? hexOf(copy + COPIES_MOST) : lead) + name.slice(3);
  },
  store: (_, copy) => storeOf(copy),
};

const hexOf = (copy: number): string => copy.toString(16).padStart(3, "0");

const markOf = (copy: number): string =>
  `${DIGITS[Math.floor(copy / 64) % 64]}${DIGITS[copy % 64]}`;

/** As long as TEMPLATE_STORE. */
export const storeOf = (copy: number): string =>
  `s${String(copy).padStart(TEMPLATE_STORE.length - 1, "0")}`;
