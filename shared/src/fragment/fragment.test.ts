import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { capturesArb, KEYS, record, saleOf, WRITERS } from "../../../test/captures.ts";
import { stampOf } from "../clock.ts";
import type { RegularsEvent } from "../events/event.ts";
import { clientIdOf } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { documentState, openDocument } from "./document.ts";
import { readContribution, recordEvent } from "./fragment.ts";
import { openWritten } from "./written.ts";

const [writer] = WRITERS;
const [key] = KEYS;
const clientId = clientIdOf(writer.source, writer.epoch);

/** The n-th event of one till about one customer. */
function eventAt(seq: number, what: Pick<RegularsEvent, "kind" | "body">): RegularsEvent {
  const [recorded] = record([{ writer: 0, key: 0, afterMs: 1, what: saleOf("R", 1) }]);
  const stamp = stampOf({ ms: 1_700_000_000_000 + seq, counter: 0 }, "till-1/1");
  return { ...recorded!.event, ...what, seq, stamp } as RegularsEvent;
}

const voidOf = (voids: string) => ({
  kind: "void" as const,
  body: { receipt: "V", voids, currency: "GBP", totalMinor: -100 },
});
const wide = (length: number) => "€".repeat(length);

test("FRG1: a fragment and its updates name no writer but their own", () => {
  fc.assert(
    fc.property(capturesArb(0), (captures) => {
      const records = record(captures);
      for (const { update, event } of records) {
        const { structs, ds } = Y.decodeUpdate(update);
        const clients = [...structs.map((each) => each.id.client), ...ds.clients.keys()];
        expect(new Set(clients)).toEqual(new Set([clientIdOf(event.source, event.epoch)]));
      }
    }),
  );
});

test("FRG1: a till that starts again goes on as the same writer", () => {
  fc.assert(
    fc.property(capturesArb(0), (captures) => {
      const events = record(captures)
        .filter(({ fragment }) => fragment === `till-1/1/${key}`)
        .map(({ event }) => event);
      const kept = openWritten(null, clientId);
      let state: Uint8Array | null = null;
      for (const event of events) {
        const reopened = openWritten(state, clientId);
        expect(recordEvent(reopened, event, key)).toEqual(recordEvent(kept, event, key));
        state = reopened.state();
        expect(state).toEqual(kept.state());
      }
    }),
  );
});

describe("FRG2: a fragment is a list of named JSON values, parsed at each boundary", () => {
  test("what was recorded is read back the same from the bytes", () => {
    fc.assert(
      fc.property(capturesArb(0), (captures) => {
        const docs = new Map<string, Y.Doc>();
        for (const { fragment, update, contribution } of record(captures)) {
          const doc = docs.get(fragment) ?? openDocument(null);
          docs.set(fragment, doc);
          Y.applyUpdate(doc, update);
          expect(readContribution(openDocument(documentState(doc)))).toEqual(contribution);
        }
      }),
    );
  });

  const setters: Record<string, (doc: Y.Doc) => void> = {
    "no content": () => undefined,
    "an entry of another form": (doc) => doc.getArray("entries").push([{ meta: 1 }]),
    "an entry without a value": (doc) => doc.getArray("entries").push([["meta", "seq"]]),
    "a nested shared type": (doc) => doc.getArray("entries").push([new Y.Map()]),
    "text where a number belongs": (doc) => doc.getArray("entries").push([["meta", "seq", "2"]]),
    "a field that is none": (doc) => doc.getArray("entries").push([["claims", "constructor", {}]]),
    "a consent named like a part of every object": (doc) =>
      doc
        .getArray("entries")
        .push([
          [
            "consents",
            "constructor",
            { state: "granted", stamp: eventAt(1, saleOf("", 1)).stamp, seq: 1 },
          ],
        ]),
  };
  test.each(Object.entries(setters))("%s is not a contribution", (what, set) => {
    const fragment = openWritten(null, clientId);
    if (what !== "no content") {
      recordEvent(fragment, eventAt(1, saleOf("R1", 100)), key);
      readContribution(fragment);
    }
    const doc = openDocument(fragment.state());
    set(doc);
    expect(() => readContribution(openDocument(documentState(doc)))).toThrow(Error);
  });

  test("SYN9: a section of a newer writer is left alone", () => {
    const fragment = openWritten(null, clientId);
    recordEvent(fragment, eventAt(1, saleOf("R1", 100)), key);
    const before = readContribution(fragment);
    const doc = openDocument(fragment.state());
    doc.clientID = clientId;
    doc.getArray("entries").push([["mood", "today", "good"]]);
    expect(readContribution(doc)).toEqual(before);
    const newer = openWritten(documentState(doc), clientId);
    expect(readContribution(newer)).toEqual(before);
    recordEvent(newer, eventAt(2, saleOf("R2", 100)), key);
    const kept = openDocument(newer.state()).getArray("entries").toArray();
    expect(kept).toContainEqual(["mood", "today", "good"]);
  });

  test("half an emoji at the end of a shortened description is cut off on both sides alike", () => {
    const doc = openWritten(null, clientId);
    const sale = saleOf("R1", 100);
    const description = `${"x".repeat(39)}🧾 and more`;
    sale.body.lines = [{ ...sale.body.lines[0]!, description }];
    recordEvent(doc, eventAt(1, sale), key);
    const here = readContribution(doc);
    expect(here.recent["1"]!.items).toEqual([`${"x".repeat(39)}🧾`]);
    expect(readContribution(openDocument(doc.state()))).toEqual(here);
  });
});

describe("what a fragment remembers", () => {
  test("totals cover every sale, details the newest", () => {
    const doc = openWritten(null, clientId);
    for (let seq = 1; seq <= 30; seq++) recordEvent(doc, eventAt(seq, saleOf(`R${seq}`, 100)), key);
    recordEvent(doc, eventAt(31, { ...saleOf("R31", -250), kind: "return" } as never), key);
    const { totals, recent, seq } = readContribution(doc);
    expect(totals).toEqual({ GBP: { sales: 30, returns: 1, minor: 2750 } });
    const expected = Array.from({ length: LIMITS.recentSales }, (_, at) => `${at + 22}`);
    expect(Object.keys(recent)).toEqual(expected);
    expect(recent["31"]).toMatchObject({ kind: "return", receipt: "R31", totalMinor: -250 });
    expect(seq).toBe(31);
  });

  test("a void takes its sale's money back, whether the sale is still remembered or not", () => {
    const doc = openWritten(null, clientId);
    for (let seq = 1; seq <= 15; seq++) recordEvent(doc, eventAt(seq, saleOf(`R${seq}`, 100)), key);
    recordEvent(doc, eventAt(16, voidOf("R15")), key);
    recordEvent(doc, eventAt(17, voidOf("R1")), key);
    const { totals, recent } = readContribution(doc);
    expect(totals).toEqual({ GBP: { sales: 13, returns: 0, minor: 1300 } });
    expect(Object.values(recent).filter((each) => each.voided)).toMatchObject([{ receipt: "R15" }]);
  });

  test("a claim said again is newer", () => {
    const doc = openWritten(null, clientId);
    const claim = { kind: "claim" as const, body: { claims: { givenName: "Zoë" } } };
    for (const seq of [1, 2]) recordEvent(doc, eventAt(seq, claim), key);
    expect(readContribution(doc).claims.givenName).toMatchObject({ value: "Zoë", seq: 2 });
  });

  test("GLD1: what was checked stays checked as long as the same is said", () => {
    const doc = openWritten(null, clientId);
    const say = (seq: number, city: string, verified?: true) => {
      const claims = { email: "zoe@example.com", address: { city } };
      const body = { claims, ...(verified ? { verified } : {}) };
      recordEvent(doc, eventAt(seq, { kind: "claim", body }), key);
      const { email, address } = readContribution(doc).claims;
      return [email?.verified, address?.verified];
    };
    expect(say(1, "Leeds")).toEqual([undefined, undefined]);
    expect(say(2, "Leeds", true)).toEqual([true, true]);
    expect(say(3, "York")).toEqual([true, undefined]);
    expect(say(4, "Leeds")).toEqual([true, undefined]);
    expect(readContribution(doc).claims.email?.seq).toBe(4);
  });

  test("GLD1: a value that was repaired says so, until it is given as it stands", () => {
    const doc = openWritten(null, clientId);
    const say = (seq: number, birthDate: string, repaired?: string[]) => {
      const claims = { birthDate, givenName: "Zoë" };
      const body = { claims, ...(repaired ? { repaired } : {}) };
      recordEvent(doc, eventAt(seq, { kind: "claim", body }), key);
      const said = readContribution(doc).claims;
      return [said.birthDate?.repaired, said.givenName?.repaired];
    };
    expect(say(1, "1971-03-02", ["birthDate", "shoeSize"])).toEqual([true, undefined]);
    expect(say(2, "1971-03-02")).toEqual([undefined, undefined]);
    expect(say(3, "1971-03-02", ["birthDate"])).toEqual([undefined, undefined]);
    expect(say(4, "1971-03-20", ["birthDate"])).toEqual([true, undefined]);
  });

  test("an adjustment moves the books and no person's totals", () => {
    const doc = openWritten(null, clientId);
    const { body } = saleOf("A1", -1106206);
    recordEvent(
      doc,
      eventAt(1, { kind: "adjustment", body: { ...body, reason: "bad debt" } }),
      key,
    );
    expect(readContribution(doc)).toMatchObject({ totals: {}, recent: {} });
  });
});

describe("FRG3: what was deleted leaves storage, and the size is bounded", () => {
  test("20,000 sales leave a few kilobytes", () => {
    let doc = openWritten(null, clientId);
    for (let seq = 1; seq <= 20_000; seq++) {
      // Long-lived and reopened documents re-encode differently; both must stay small.
      if (seq % 500 === 0) doc = openWritten(doc.state(), clientId);
      recordEvent(doc, eventAt(seq, saleOf(`R${seq}`, 100)), key);
    }
    const bytes = doc.state().length;
    expect(bytes).toBeLessThan(4 * 1024);
    expect(bytes).toBeLessThan(LIMITS.fragmentBytes / 10);
    expect(readContribution(doc).totals["GBP"]).toMatchObject({ sales: 20_000, minor: 2_000_000 });
  });

  test("the largest content of every kind, over and over, stays under fragmentBytes", () => {
    const doc = openWritten(null, clientId);
    const line = { sku: "1", description: wide(LIMITS.fieldChars), quantity: "1", amountMinor: 1 };
    const field = wide(LIMITS.fieldChars);
    const address = {
      line1: field,
      line2: field,
      city: field,
      region: field,
      postalCode: wide(20),
    };
    const claims = { givenName: field, familyName: field, email: field, phone: field, address };
    const kinds = [
      { ...saleOf("R".repeat(64), 1), body: { ...saleOf("R", 1).body, lines: [line, line, line] } },
      { kind: "note", body: { text: wide(LIMITS.noteChars), staff: wide(64) } },
      { kind: "claim", body: { claims: { ...claims, loyaltyNumber: field, country: field } } },
    ];
    for (let seq = 1; seq <= 300; seq++) {
      recordEvent(doc, eventAt(seq, kinds[seq % kinds.length] as never), key);
    }
    expect(doc.state().length).toBeLessThan(LIMITS.fragmentBytes);
  });

  test("a key that met thousands of others keeps a bounded number of them, the first", () => {
    const doc = openWritten(null, clientId);
    const others = Array.from({ length: 3000 }, (_, n) => `phone:${`${n}`.padStart(22, "0")}`);
    others.forEach((other, at) => {
      recordEvent(doc, { ...eventAt(at + 1, saleOf("R", 1)), subject: [key, other] }, key);
    });
    const kept = Object.keys(readContribution(doc).keys);
    expect(new Set(kept)).toEqual(new Set([key, ...others.slice(0, LIMITS.fragmentKeys - 1)]));
    expect(doc.state().length).toBeLessThan(8 * 1024);
  });

  test("deleted and replaced text is not in the bytes", () => {
    const doc = openWritten(null, clientId);
    const secrets = ["first-e-mail", "a note that", "R-first"];
    const claims = { email: "first-e-mail" };
    recordEvent(doc, eventAt(1, { kind: "claim", body: { claims } }), key);
    recordEvent(doc, eventAt(2, { kind: "note", body: { text: "a note that goes" } }), key);
    recordEvent(doc, eventAt(3, saleOf("R-first", 100)), key);
    const textOf = () => Buffer.from(doc.state()).toString("latin1");
    for (const secret of secrets) expect(textOf()).toContain(secret);
    recordEvent(doc, eventAt(4, { kind: "claim", body: { claims: { email: "second" } } }), key);
    for (let seq = 5; seq < 5 + LIMITS.recentNotes; seq++) {
      recordEvent(doc, eventAt(seq, { kind: "note", body: { text: "later" } }), key);
      recordEvent(doc, eventAt(seq + 1000, saleOf("R", 100)), key);
    }
    for (const secret of secrets) expect(textOf()).not.toContain(secret);
  });
});
