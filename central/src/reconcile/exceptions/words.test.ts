import { expect, test } from "vitest";
import { SAMPLES } from "../../testing/exceptions.ts";
import { evidenceLines, type Subject } from "./evidence.ts";
import { EXCEPTION_KINDS } from "./read.ts";
import { wordsOf } from "./words.ts";
import type { ExceptionKind } from "../found.ts";

const subjectOf = (kind: ExceptionKind): Subject => ({
  kind,
  store: "store-1",
  businessDay: "2026-11-20",
  epoch: 1,
  currency: "GBP",
  zone: "Europe/London",
  ...SAMPLES[kind],
});

const SENTENCES: Readonly<Record<ExceptionKind, string>> = {
  gap: "5 rows of till-1 are not here, numbers 57 to 61, though later ones are.",
  duplicate: "Till-1 has captured the same receipt under two numbers, row 88, and before that as till-1/1/57: £12.50.",
  chain_break: "Row 33 of till-2 is not what its hash says: its content is another one.",
  fork: "Row 34 of till-2 came a second time with other content, and was refused: £8.99.",
  tenders_differ: "Receipt T3-0012 of till-3 comes to £45.00, and was paid with £40.00: £5.00 less.",
  z_differs: "Till-1 reports £1,200.00 in its Z 118 (cash expected); its journal comes to £1,219.99: £19.99 apart.",
  z_number: "Till-1 has Z 120 where 119 was due.",
  seal_differs: "Row 412 of till-2 is another one than seal 12 of the day names.",
  card_unsettled: "Till-2 took £34.95 by card, row 201 under pi_3Nx81, and no settlement file has it.",
  settled_unknown: "The processor paid out £12.00 under pi_3Nx99, and no till of store-1 has it.",
  settled_differs: "Till-2 took £21.00 by card, row 205 under pi_3Nx82; the processor has £20.00: £1.00 less.",
  late_sale: "Till-3 has 3 receipts for this day from after its Z report: £24.10.",
  clock_drift: "The clock of till-3 was 13 min behind, row 20.",
  return_exceeds: "Receipt T1-0090 of till-1 gives back £19.98 for a sale of £9.99: £9.99 too much.",
  loyalty_differs: "Receipt T2-0044 of till-2 was paid with £5.00 in points, and their program “club” has not taken them off.",
  golden_differs: "The golden record of one customer comes to £120.00, and the journal to £124.20: £4.20 apart.",
  over_short: "Till-2 is £4.20 short at Z 118; the store says: wrong change.",
  over_short_trend: "Staff s-12 was short in 5 shifts, £23.10 together.",
  unreadable: "Row 77 of till-3 came whole, and could not be read: unknown kind.",
  journal_differs: "The edge has 412 rows of till-1 for this day, and the centre 410.",
}; // prettier-ignore

test.each(EXCEPTION_KINDS)("REC2 %s is said with its figures, and what to do about it", (kind) => {
  const words = wordsOf(subjectOf(kind));
  expect(words.sentence).toBe(SENTENCES[kind]);
  for (const text of [words.title, words.usually, words.next])
    expect(text.length).toBeGreaterThan(8);
});

test.each(EXCEPTION_KINDS)(
  "%s is said in a whole sentence where its evidence is of another build",
  (kind) => {
    const bare: Subject = {
      ...subjectOf(kind),
      evidence: {},
      amountMinor: null,
      currency: null,
      seq: null,
      source: null,
    };
    const { sentence } = wordsOf(bare);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).not.toMatch(/null|undefined|NaN|\bZ Z\b/);
  },
);

test.each<[ExceptionKind, Subject["evidence"], string]>([
  [
    "z_differs",
    { z: 118, field: "sales", reported: 41, computed: 42 },
    "Till-1 reports 41 in its Z 118 (sales); its journal comes to 42.",
  ],
  ["z_number", { number: 4, expected: 3, of: "seal" }, "Till-1 has seal 4 where 3 was due."],
  [
    "seal_differs",
    { what: "root", number: 12, sources: [] },
    "Seal 12 of till-2 does not come to its own root.",
  ],
  [
    "chain_break",
    { what: "refused", hash: "aa" },
    "Row 33 of till-2 came, did not continue the journal that is here, and was refused.",
  ],
  [
    "loyalty_differs",
    { receipt: "T2-0044", how: "nobody" },
    "Receipt T2-0044 of till-2 was paid with £5.00 in points, and nobody says whose they were.",
  ],
])("%s is said as its check has seen it: %j", (kind, evidence, sentence) => {
  const amountMinor = kind === "loyalty_differs" ? 500 : null;
  expect(wordsOf({ ...subjectOf(kind), amountMinor, evidence }).sentence).toBe(sentence);
});

test("evidence is read by the end of its names", () => {
  const subject: Subject = {
    ...subjectOf("over_short"),
    evidence: {
      countedMinor: 41_580,
      closedMs: Date.UTC(2026, 6, 1, 12),
      offsetMs: -754_000,
      other: "till-1/1/57",
      reason: "wrong_change",
      sources: ["till-1", "till-2"],
      isLate: true,
      batch: null,
      rows: 1_204,
    },
  };
  expect(evidenceLines(subject).map(({ name, words }) => `${name}: ${words}`)).toEqual([
    "Counted: £415.80",
    "Closed: 1 Jul 2026, 13:00",
    "Offset: 13 min",
    "Other: till-1/1/57",
    "Reason: wrong change",
    "Sources: till-1, till-2",
    "Is late: Yes",
    "Batch: –",
    "Rows: 1,204",
  ]);
  expect(evidenceLines(subject).flatMap(({ row }) => row ?? [])).toEqual([
    { source: "till-1", epoch: 1, seq: 57 },
  ]);
});
