import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dateOrderOf } from "./date-order.ts";
import { type DateOptions, readBirthDate } from "./read-date.ts";

const latest = "2026-11-01";
const read = (raw: string, order?: DateOptions["order"]) =>
  readBirthDate(raw, { latest, ...(order === undefined ? {} : { order }) });

describe("dates as people and forms write them", () => {
  test.each([
    "1980-01-31",
    "31/01/1980",
    "31.1.1980",
    "31-1-80",
    "01/31/1980",
    "1980/1/31",
    "80-01-31",
    "19800131",
    "31011980",
    "31 January 1980",
    "January 31st, 1980",
    "31-JAN-80",
    "1980, January 31",
    "31. Januar 1980",
    "31 de enero de 1980",
    "31 janvier 1980",
    "31 gennaio 1980",
    "31 januari 1980",
    "31 stycznia 1980",
    "31 января 1980",
    "1980-01-31T00:00:00",
    "1980-01-31 00:00",
    "1980-01-31T00:00:00.000Z",
    "1/31/1980 12:00:00 AM",
    " １９８０-01-31 ",
  ])("%s", (raw) => {
    expect(read(raw)).toEqual({
      quality: "parsed",
      value: { iso: "1980-01-31", alternative: null },
    });
  });

  test.each<[string, DateOptions["order"], string, string | null, string]>([
    ["3/4/1980", undefined, "1980-04-03", "1980-03-04", "parsed"],
    ["3/4/1980", "dmy", "1980-04-03", "1980-03-04", "parsed"],
    ["3/4/1980", "mdy", "1980-03-04", "1980-04-03", "parsed"],
    ["5/5/1980", "mdy", "1980-05-05", null, "parsed"],
    ["01/31/1980", "dmy", "1980-01-31", null, "repaired"],
    ["31/01/1980", "mdy", "1980-01-31", null, "repaired"],
    ["01-02-03", "ymd", "2001-02-03", null, "parsed"],
    ["198O-Ol-3l", undefined, "1980-01-31", null, "repaired"],
    ["2000-13-05", undefined, "2000-05-13", null, "repaired"],
    // Only one of the two has been already.
    ["10/11/2026", "dmy", "2026-10-11", null, "parsed"],
  ])("%s in the order %s is %s", (raw, order, iso, alternative, quality) => {
    expect(read(raw, order)).toEqual({ quality, value: { iso, alternative } });
  });

  test.each([
    ["", "empty"],
    ["31/02/1980", "impossible"],
    ["29/02/1999", "impossible"],
    ["2000-13-13", "impossible"],
    ["2030-01-01", "too-late"],
    ["1890-01-01", "too-early"],
    ["1980", "incomplete"],
    ["01/1980", "incomplete"],
    ["January 1980", "incomplete"],
    ["1980-00-00", "incomplete"],
    ["0000", "placeholder"],
    ["00/00/0000", "placeholder"],
    ["01/01/1900", "placeholder"],
    ["33000", "not-a-date"],
    ["hello", "not-a-date"],
    ["1".repeat(600), "too-long"],
  ])("%j is rejected", (raw, reason) => {
    expect(read(raw)).toEqual({ quality: "rejected", reason });
  });

  test("who is older than the earliest day is refused, where one is given", () => {
    expect(readBirthDate("1950-01-01", { latest, earliest: "1960-01-01" })).toEqual({
      quality: "rejected",
      reason: "too-early",
    });
  });
});

const days = fc
  .date({ min: new Date("1910-01-02"), max: new Date("2026-10-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
  .filter((iso) => iso !== "1911-11-11");

describe("properties", () => {
  test("every way to write a day is read as that day, and in its own order as no other", () => {
    fc.assert(
      fc.property(days, (iso) => {
        const [year = "", month = "", day = ""] = iso.split("-");
        const forms: [string, DateOptions["order"]][] = [
          [iso, "dmy"],
          [`${day}/${month}/${year}`, "dmy"],
          [`${month}/${day}/${year}`, "mdy"],
          [`${year}${month}${day}`, "mdy"],
          [`${Number(day)}.${Number(month)}.${year}`, "dmy"],
        ];
        for (const [form, order] of forms) {
          expect(read(form, order)).toMatchObject({ quality: "parsed", value: { iso } });
        }
        expect(read(iso)).toEqual({ quality: "parsed", value: { iso, alternative: null } });
      }),
    );
  });

  test("no text makes it throw, and what was read is read the same again", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.stringMatching(/^[\dOl]{1,4}[-/. ][\dOl]{1,2}[-/. ][\dOl]{1,4}$/),
    );
    fc.assert(
      fc.property(
        text,
        fc.constantFrom("dmy" as const, "mdy" as const, "ymd" as const),
        (raw, order) => {
          const once = read(raw, order);
          if (once.quality === "rejected") return;
          expect(read(once.value.iso, order)).toMatchObject({
            quality: "parsed",
            value: { iso: once.value.iso },
          });
        },
      ),
      { numRuns: 1000 },
    );
    expect(read("\ud800")).toMatchObject({ quality: "rejected" });
    expect(read("1/".repeat(5_000))).toMatchObject({ quality: "rejected" });
  });
});

test.each([
  ["GB", "dmy"],
  ["US", "mdy"],
  ["JP", "ymd"],
  ["CA", null],
])("%s writes %s", (country, order) => expect(dateOrderOf(country)).toBe(order));
