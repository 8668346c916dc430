/**
 * XML as a tree of elements without their namespaces. A document type is refused before anything is parsed: it is where
 * entities are declared, which read files of the machine or grow without end (SEC).
 */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { LIMITS } from "../../limits.ts";
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";
import { decodeText, type Encoding, encodingNamed, encodingOfMark } from "../text.ts";

/** An element with attributes or children; one that has neither is its text. */
export type Element = Readonly<Record<string, unknown>>;

export function readXml(bytes: Uint8Array): Result<Element, Failure> {
  if (bytes.length > LIMITS.poslogBytes) return fail(failureOf("too_large"));
  const text = textOfXml(bytes);
  if (text === null) return fail(failureOf("not_utf8"));
  if (/<!(?:doctype|entity)/i.test(text)) {
    return fail(failureOf("not_xml", undefined, "Document types and entities are not read."));
  }
  try {
    if (XMLValidator.validate(text) !== true) return fail(failureOf("not_xml"));
    const tree: unknown = createParser().parse(text);
    return isElement(tree) && hasOneRoot(tree) ? ok(tree) : fail(failureOf("not_xml"));
  } catch {
    return fail(failureOf("not_xml")); // nested too deeply, or a name that no element should have
  }
}

/** The validator lets two roots pass that have no content. */
const hasOneRoot = (tree: Element): boolean =>
  Object.values(tree).length === 1 && !Object.values(tree).some(Array.isArray);

/** Null where it is not text of the encoding that it says it is in. */
export function textOfXml(bytes: Uint8Array): string | null {
  const encoding = encodingOf(bytes);
  return encoding === null ? null : decodeText(bytes, encoding);
}

const createParser = () =>
  new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    removeNSPrefix: true,
    // Numbers stay text: 0012 is not 12, and 0.1 is not a binary fraction.
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    // References to characters, and the five that XML knows; others stay as they are.
    htmlEntities: true,
    processEntities: {
      enabled: true,
      maxTotalExpansions: LIMITS.poslogBytes,
      maxExpandedLength: LIMITS.poslogBytes,
    },
    maxNestedTags: LIMITS.xmlNestedFields,
  });

/** What the mark says, else the pattern of `<?`, else the declaration, else UTF-8. Null for one that is not read. */
function encodingOf(bytes: Uint8Array): Encoding | null {
  const marked = encodingOfMark(bytes);
  if (marked !== null) return marked;
  if (bytes[0] === 0x3c && bytes[1] === 0) return "utf-16le";
  if (bytes[0] === 0 && bytes[1] === 0x3c) return "utf-16be";
  const head = new TextDecoder("windows-1252").decode(bytes.subarray(0, 200));
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/i.exec(head)?.[1];
  if (declared === undefined) return "utf-8";
  const encoding = encodingNamed(declared);
  // It was read as single bytes, so it cannot be what it says.
  return encoding === "utf-16le" || encoding === "utf-16be" ? null : encoding;
}

export const isElement = (value: unknown): value is Element =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every child of this name that stands directly below. */
export function childrenOf(element: Element, name: string): readonly unknown[] {
  if (!Object.hasOwn(element, name)) return [];
  const value = element[name];
  return Array.isArray(value) ? value : [value];
}

/** The first child of this name that has content of its own. */
export function elementIn(element: Element, name: string): Element | null {
  return childrenOf(element, name).find(isElement) ?? null;
}

export function elementsIn(element: Element, name: string): readonly Element[] {
  return childrenOf(element, name).filter(isElement);
}

/** Whether there is such a child, empty or not. */
export const has = (element: Element, name: string): boolean => Object.hasOwn(element, name);

/** Text of an element as it came from `childrenOf`; "" where it has none. */
export function contentOf(value: unknown): string {
  if (typeof value === "string") return value.trim();
  if (!isElement(value)) return "";
  const text = value["#text"];
  return typeof text === "string" ? text.trim() : "";
}

/** Text of the first child on this path that has one; undefined where there is none. */
export function textAt(element: Element, ...path: readonly string[]): string | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return undefined;
  for (const child of childrenOf(element, name)) {
    const text =
      rest.length === 0 ? contentOf(child) : isElement(child) ? textAt(child, ...rest) : undefined;
    if (text !== undefined && text !== "") return text;
  }
  return undefined;
}

export function attributeOf(element: Element, name: string): string | undefined {
  const value = element[`@${name}`];
  return typeof value === "string" ? value.trim() : undefined;
}

/** `true`, `1`, `yes`: what tills write in flags. */
export const isSet = (element: Element, name: string): boolean =>
  /^(?:true|1|yes|y)$/i.test(attributeOf(element, name) ?? "");
