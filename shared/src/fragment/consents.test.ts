import { describe, expect, test } from "vitest";
import { KEYS, record, saleOf, WRITERS } from "../../../test/captures.ts";
import { stampOf, stampToMs } from "../clock.ts";
import { clientIdOf } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { consentTimeOf } from "./contribution.ts";
import { openDocument } from "./document.ts";
import { readContribution, recordEvent } from "./fragment.ts";
import { openWritten } from "./written.ts";

const [writer] = WRITERS;
const [key] = KEYS;
const stamp = stampOf({ ms: 1_700_000_000_000, counter: 0 }, "till-1/1");

/** What a fragment keeps of a consent that was given then. */
function keptOf(at: string) {
  const [sale] = record([{ writer: 0, key: 0, afterMs: 1, what: saleOf("R", 1) }]);
  const doc = openWritten(null, clientIdOf(writer.source, writer.epoch));
  const body = { purpose: "marketing", channel: "email", state: "granted" } as const;
  recordEvent(doc, { ...sale!.event, kind: "consent", body, seq: 1, stamp, at }, key);
  return readContribution(openDocument(doc.state())).consents["marketing/email"]!;
}

describe("CON2: the moment of a consent", () => {
  test("is kept where the stamp is of another one, as that of an import is", () => {
    const at = "2020-11-20T09:30:00.000Z";
    expect(keptOf(at)).toEqual({ state: "granted", stamp, seq: 1, at });
    expect(consentTimeOf(keptOf(at))).toBe(at);
  });

  test("is the stamp's where a till says it, and is written no second time", () => {
    const near = keptOf(new Date(stampToMs(stamp) - LIMITS.consentSameMs).toISOString());
    expect(near).toEqual({ state: "granted", stamp, seq: 1 });
    expect(consentTimeOf(near)).toBe(new Date(stampToMs(stamp)).toISOString());
  });
});
