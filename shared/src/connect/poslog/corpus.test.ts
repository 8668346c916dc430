import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectCaptureSchema } from "../captures.ts";
import { readPoslog } from "./poslog.ts";
import { account, outcomesOf, captureOf, sumOf } from "./test-log.ts";

const folder = new URL("../../../../../shared/data/payloads/poslog/", import.meta.url);
const isThere = existsSync(folder);
const fileOf = (name: string) => {
  const bytes = readFileSync(new URL(name, folder));
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
};

describe.skipIf(!isThere)("the logs of a grocery lane", () => {
  test.each(["ncr_acs_small.xml", "ncr_acs_full.xml.gz"])(
    "%s: every transaction is told, and the money is the log's own to the cent",
    (name) => {
      const bytes = fileOf(name);
      const text = bytes.toString("utf8");
      const outcomes = outcomesOf(bytes);
      const pieces = text.split("<Transaction>").slice(1);
      expect(outcomes).toHaveLength(pieces.length);
      let dollars = 0;
      let controls = 0;
      for (const [at, piece] of pieces.entries()) {
        const outcome = outcomes[at];
        const grand = /TransactionGrandAmount">([\d.-]+)</.exec(piece)?.[1];
        if (grand === undefined) {
          controls += outcome !== undefined && "skipped" in outcome ? 1 : 0;
          continue;
        }
        const capture = captureOf(outcome);
        const cents = Math.round(Number(grand) * 100);
        dollars += cents;
        expect(sumOf(capture)).toBe(cents);
        expect(capture.flags).toBeUndefined();
        expect("lines" in capture && capture.lines.some(({ sku }) => sku === "DIFFERENCE")).toBe(
          false,
        );
        const paid = "tenders" in capture ? (capture.tenders ?? []) : [];
        expect(paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(cents);
        expect(connectCaptureSchema.safeParse(capture).success).toBe(true);
      }
      expect(controls).toBe(text.split("<ControlTransaction ").length - 1);
      expect(dollars).toBe(
        outcomes
          .flatMap((each) => ("capture" in each ? [sumOf(each.capture)] : []))
          .reduce((a, b) => a + b, 0),
      );
    },
  );

  test("a sale has its till's key, day, staff and card, and a void line is gone with the line it voids", () => {
    const [, sold] = outcomesOf(fileOf("ncr_acs_small.xml"));
    expect(captureOf(sold)).toMatchObject({
      kind: "sale",
      key: "poslog:9/34/2017-09-30/161",
      externalId: "9/34/2017-09-30/161",
      at: "2017-10-01T09:02:54.000Z",
      businessDay: "2017-09-30",
      store: "seattle-9",
      staff: "94",
      customer: { loyaltyNumber: "0000000000000040000066677" },
      lines: [
        { sku: "00000000067591", quantity: "0.42", unitPrice: "2.99", amountMinor: 126 },
        { sku: "DISCOUNT", amountMinor: -19 },
      ],
      tenders: [{ type: "card", amountMinor: 107 }],
    });
    const all = outcomesOf(fileOf("ncr_acs_full.xml.gz"));
    const voided = captureOf(all.find(({ key }) => key?.endsWith("/376")));
    expect("lines" in voided && voided.lines.some(({ quantity }) => quantity.startsWith("-"))).toBe(
      false,
    );
  });

  test("SEC2: no name of staff, no birth date and no card authorisation is read", () => {
    const text = JSON.stringify(outcomesOf(fileOf("ncr_acs_full.xml.gz")));
    expect(text).not.toMatch(/Danielle|Isaiah|1980-01-01|1988-11-11|361753/);
  });

  test("a log that is cut off anywhere is refused as a whole, and never throws", () => {
    const bytes = fileOf("ncr_acs_small.xml");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 2 }), (end) => {
        const read = readPoslog(bytes.subarray(0, end), account);
        expect(read.ok).toBe(false);
      }),
    );
  });
});
