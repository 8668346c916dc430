/**
 * An object of what was sent, read field by field. The first thing that is wrong is noted with the path of its field, and
 * reading goes on with nothing in its place: whoever reads asks for the failure once, at the end.
 */
import { LIMITS } from "../../limits.ts";
import { decimalSchema, decimalToMinor } from "../../money.ts";
import { type Failure, type FailureCode, failureOf } from "../failure.ts";
import { instantIn, instantOf, instantOfSeconds, instantOfUtc } from "./instant.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";

/** What went wrong first. */
export interface Notes {
  failure: Failure | null;
}

export class Part {
  readonly value: JsonObject;
  /** Names of our own and numbers of list entries: never anything that was sent (SEC2). */
  readonly path: string;
  readonly notes: Notes;

  constructor(value: JsonObject, path: string, notes: Notes) {
    this.value = value;
    this.path = path;
    this.notes = notes;
  }

  /** Absent, null and blank text are the same: undefined. */
  raw(name: string): JsonValue | undefined {
    const value = Object.hasOwn(this.value, name) ? this.value[name] : undefined;
    if (value === null || (typeof value === "string" && value.trim() === "")) return undefined;
    return value;
  }

  fail(code: FailureCode, name: string, detail?: string): undefined {
    this.notes.failure ??= failureOf(code, this.pathOf(name), detail);
    return undefined;
  }

  /** The first of the fields that is there; else `missing_field` of the last. */
  need<Value>(value: Value | undefined, name: string): Value | undefined {
    if (value === undefined) this.fail("missing_field", name);
    return value;
  }

  part(name: string): Part | undefined {
    const value = this.raw(name);
    if (value === undefined || isEmpty(value)) return undefined;
    if (!isObject(value)) return this.fail("bad_field", name);
    return new Part(value, this.pathOf(name), this.notes);
  }

  /** Objects of a list; none where there is no list. */
  parts(name: string, max: number = LIMITS.saleLines): Part[] {
    const value = this.raw(name);
    if (value === undefined || isEmpty(value)) return [];
    if (!Array.isArray(value)) return this.fail("bad_field", name) ?? [];
    if (value.length > max) return this.fail("too_large", name) ?? [];
    return partsOf(value, this.pathOf(name), this.notes);
  }

  /** Text for people: trimmed, and cut where it is longer. Numbers are text as well. */
  text(name: string, max: number = LIMITS.fieldChars): string | undefined {
    const value = this.raw(name);
    if (value === undefined || value === false) return undefined;
    if (typeof value !== "string" && typeof value !== "number") return this.fail("bad_field", name);
    return String(value).trim().slice(0, max).toWellFormed();
  }

  /** As it stands, for what is read and judged later: never cut, because a cut address is another one. */
  scalar(name: string): string | number | undefined {
    const value = this.raw(name);
    return typeof value === "string" || typeof value === "number" ? value : undefined;
  }

  /** Name of a thing: never cut, because what is cut is the name of another thing. */
  id(name: string, max: number = LIMITS.orderIdChars): string | undefined {
    const value = this.raw(name);
    if (value === undefined || value === false) return undefined;
    if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
    if (typeof value !== "string") return this.fail("bad_field", name);
    const id = value.trim();
    return id.length > max ? this.fail("too_large", name) : id.toWellFormed();
  }

  isTrue(name: string): boolean {
    return this.raw(name) === true;
  }

  /** Money in major units, as decimal text or number, in minor units. */
  minor(name: string, currency: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const minor =
      typeof value === "string" || typeof value === "number" ? minorOf(value, currency) : null;
    return minor ?? this.fail("bad_money", name);
  }

  /** An integer that is in minor units already, or a count. */
  int(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const int = typeof value === "string" && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
    return typeof int === "number" && Number.isSafeInteger(int)
      ? int
      : this.fail("bad_field", name);
  }

  /** A quantity or unit price: decimal text. */
  decimal(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const text = decimalTextOf(value);
    return text ?? this.fail("bad_field", name);
  }

  currency(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const code = typeof value === "string" ? value.trim().toUpperCase() : "";
    return /^[A-Z]{3}$/.test(code) ? code : this.fail("bad_field", name);
  }

  /** With an offset. */
  instant(name: string): string | undefined {
    return this.readInstant(name, instantOf);
  }

  /** UTC, also where it does not say so. */
  utcInstant(name: string): string | undefined {
    return this.readInstant(name, instantOfUtc);
  }

  /** The clock of a place, where it has no offset. */
  instantIn(name: string, zone: string): string | undefined {
    return this.readInstant(name, (text) => instantIn(text, zone));
  }

  /** Unix time in seconds. */
  instantOfSeconds(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const instant = typeof value === "number" ? instantOfSeconds(value) : null;
    return instant ?? this.fail("bad_time", name);
  }

  private readInstant(name: string, read: (text: string) => string | null): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const instant = typeof value === "string" ? read(value) : null;
    return instant ?? this.fail("bad_time", name);
  }

  pathOf(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }
}

/** PHP writes what is empty as a list, whatever it would be; and where it has no text, false. */
const isEmpty = (value: JsonValue): boolean =>
  Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;

/** Objects of a list, each with its place in it. */
export function partsOf(list: readonly JsonValue[], path: string, notes: Notes): Part[] {
  const parts: Part[] = [];
  for (const [index, value] of list.entries()) {
    const at = path === "" ? String(index) : `${path}.${index}`;
    if (isObject(value)) parts.push(new Part(value, at, notes));
    else notes.failure ??= failureOf("bad_field", at);
  }
  return parts;
}

/** Major units to minor units, exactly; null where it is no decimal number, or more than can be counted. */
export function minorOf(value: string | number, currency: string): number | null {
  const minor = decimalToMinor(String(value).trim(), currency);
  return minor.ok ? minor.value : null;
}

export function decimalTextOf(value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  return decimalSchema.safeParse(String(value).trim()).data ?? null;
}

type Defined<Given> = { [Name in keyof Given]?: Exclude<Given[Name], undefined> };

/** Without the fields that are undefined. */
export function defined<Given extends object>(given: Given): Defined<Given> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only what the type excludes is taken out
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Defined<Given>;
}
