import { describe, expect, test } from "vitest";
import { createInvoiceWindow, type InvoicePart } from "./invoice-window.ts";

const limits = { openLines: 10, partLines: 50, remembered: 100 };

/** Each letter is a line of the invoice of that name; the line itself is its place. */
function group(text: string, some = limits, isBroken = false): InvoicePart<number>[] {
  const window = createInvoiceWindow<number>(some);
  const parts = text.split("").flatMap((invoice, at) => window.add(invoice, at));
  return [...parts, ...window.end(isBroken)];
}

const shapeOf = (parts: InvoicePart<number>[]): string[] =>
  parts.map(({ invoice, part, lines }) => `${invoice}${part}:${lines.join(",")}`);

describe("lines to invoices", () => {
  test("lines that follow each other are one invoice, in the file's order", () => {
    expect(shapeOf(group("aaabbc"))).toEqual(["a1:0,1,2", "b1:3,4", "c1:5"]);
  });

  test("an invoice that comes back within the window is one invoice", () => {
    expect(shapeOf(group("aabba"))).toEqual(["b1:2,3", "a1:0,1,4"]);
  });

  test("an invoice is closed when enough lines of others have passed, not before", () => {
    const window = createInvoiceWindow<number>(limits);
    window.add("a", 0);
    const others = Array.from({ length: 10 }, (_, at) => window.add(`b${at}`, at));
    expect(others.slice(0, 9).flat()).toEqual([]);
    expect(shapeOf(others[9] ?? [])).toEqual(["a1:0"]);
  });

  test("an invoice that comes back later is a further part", () => {
    expect(shapeOf(group(`a${"b".repeat(10)}a`))).toEqual([
      "a1:0",
      "b1:1,2,3,4,5,6,7,8,9,10",
      "a2:11",
    ]);
  });

  test("an endless invoice is captured in parts, so that memory and events stay small", () => {
    const parts = group("a".repeat(7), { ...limits, partLines: 3 });
    expect(shapeOf(parts)).toEqual(["a1:0,1,2", "a2:3,4,5", "a3:6"]);
  });

  test("when the input breaks off, only the invoice of its last line may lack lines", () => {
    const broken = group("abb", limits, true).filter(({ isBroken }) => isBroken);
    expect(shapeOf(broken)).toEqual(["b1:1,2"]);
    expect(group("abb").some(({ isBroken }) => isBroken)).toBe(false);
  });

  test("no more invoices are remembered than the limit says", () => {
    const some = { openLines: 1, partLines: 50, remembered: 2 };
    expect(shapeOf(group("abcda", some))).toEqual(["a1:0", "b1:1", "c1:2", "d1:3", "a1:4"]);
    expect(shapeOf(group("abca", { ...some, remembered: 3 })).at(-1)).toBe("a2:3");
  });
});
