import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOf } from "../failure.ts";
import { mapPoslog, readPoslog } from "./poslog.ts";
import {
  account,
  bytesOf,
  outcomesOf,
  captureOf,
  line,
  sale,
  total,
  retail,
  utf16,
} from "./test-log.ts";

describe("hostile and odd documents", () => {
  test.each([
    ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><POSLog>&e;</POSLog>'],
    ['<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><POSLog>&b;</POSLog>'],
    [`${"<a>".repeat(200)}${"</a>".repeat(200)}`],
    ["<POSLog><__proto__>1</__proto__></POSLog>"],
    ["<POSLog/><POSLog/>"],
    [""],
    ["not xml"],
  ])("SEC: %# is refused as no XML", (xml) => {
    expect(readPoslog(bytesOf(xml), account)).toMatchObject({
      ok: false,
      reason: { code: "not_xml" },
    });
  });

  test("another document than a POSLog is told", () => {
    expect(readPoslog(bytesOf("<orders><order/></orders>"), account)).toMatchObject({
      reason: { code: "unknown_topic" },
    });
  });

  const umlaut = retail(
    line(sale("A", "5.00", "<Description>Käse &#233;</Description>")) + total("5.00"),
  );
  test.each([
    ["UTF-8", bytesOf(umlaut)],
    ["UTF-8 with a mark", bytesOf(`\ufeff${umlaut}`)],
    ["UTF-16 little", utf16(umlaut, false)],
    ["UTF-16 big", utf16(umlaut, true)],
    ["Latin-1", Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${umlaut}`, "latin1")],
  ])("%s is read by its mark or declaration", (_, bytes) => {
    expect(captureOf(outcomesOf(bytes)[0])).toMatchObject({ lines: [{ description: "Käse é" }] });
  });

  test("Latin-1 that calls itself UTF-8 is refused, and so is an encoding that is not read", () => {
    const bad = [
      Buffer.from(umlaut, "latin1"),
      bytesOf(`<?xml version="1.0" encoding="EBCDIC-XX"?>${umlaut}`),
    ];
    for (const bytes of bad) {
      expect(readPoslog(bytes, account)).toMatchObject({ reason: { code: "not_utf8" } });
    }
  });

  test("prefixes are of no matter", () => {
    const prefixed = umlaut.replaceAll(/<(\/?)([A-Z])/g, "<$1p:$2");
    expect(outcomesOf(bytesOf(prefixed))).toEqual(outcomesOf(bytesOf(umlaut)));
  });

  test("random bytes and mangled logs never throw, and failures hold none of their text", () => {
    const mangled = fc
      .tuple(fc.nat(umlaut.length), fc.string({ maxLength: 12 }), fc.nat(20))
      .map(([at, text, cut]) => bytesOf(umlaut.slice(0, at) + text + umlaut.slice(at + cut)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mangled), (body) => {
        const read = readPoslog(body, account);
        const failures = read.ok
          ? read.value.flatMap((each) => ("failed" in each ? [each.failed] : []))
          : [read.reason];
        for (const failure of failures) expect(wordsOf(failure)).toMatch(/^[\w .,:;'()-]+$/);
        const sent = { topic: "poslog", body, headers: {}, receivedAtMs: 0 };
        expect(typeof mapPoslog(sent, account).ok).toBe("boolean");
      }),
      { numRuns: 500 },
    );
  });
});
