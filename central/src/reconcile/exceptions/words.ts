/** What each kind of exception means to whoever has to settle it: what was found, what it usually is, and what to do next. */
import { formatCountOf } from "../../console/format.ts";
import type { Check, ExceptionKind } from "../found.ts";
import { numberIn, spanWords, textIn, type Subject } from "./evidence.ts";
import {
  till,
  rowName,
  row,
  from,
  receipt,
  other,
  reference,
  amount,
  sum,
  direction,
  minor,
  figure,
  z,
  at,
  why,
  field,
  reason,
  either,
  named,
} from "./phrases.ts";

export interface Words {
  readonly title: string;
  /** One sentence with the figures of this one. */
  readonly sentence: string;
  readonly usually: string;
  readonly next: string;
}

interface KindWords extends Omit<Words, "sentence"> {
  readonly sentence: (of: Subject) => string;
}

export const CHECK_TITLES: Readonly<Record<Check, string>> = {
  sequence: "Numbers of the journal",
  chain: "Chain of the journal",
  tenders: "Payments of a receipt",
  z_report: "Z report",
  settlement: "Card settlement",
  late: "Late sales",
  clock: "Clock",
  ledger: "Ledgers",
  over_short: "Over and short",
  journal: "Journals compared",
};

const KIND_WORDS: Readonly<Record<ExceptionKind, KindWords>> = {
  gap: {
    title: "Rows are missing",
    sentence: (of) => {
      const missing = numberIn(of, "missing", "rows", "count");
      return `${missing === null ? "Rows" : formatCountOf(missing, "row")} of ${till(of)} ${missing === 1 ? "is" : "are"} not here${from(of)}, though later ones are.`;
    },
    usually:
      "A database that was restored from a backup, or rows that were deleted by hand. The till keeps what it sold, so the rows are not lost.",
    next: "Have the rows sent again from the edge or the till; the exception settles itself when they are here. If the till is gone, explain which day and drawer it concerns.",
  },
  duplicate: {
    title: "A row is here twice",
    sentence: (of) =>
      `${till(of)} has captured the same receipt under two numbers${row(of)}${other(of)}${sum(of, ": ")}.`,
    usually:
      "A receipt that was entered again after a crash, or a till's folder that was copied. Its money would be counted twice.",
    next: "Compare both rows. If it is one sale, have the store void the second at the till, and explain.",
  },
  chain_break: {
    title: "The journal was changed",
    sentence: (of) =>
      `${rowName(of)} ${CHAIN_WORDS[textIn(of, "what") ?? ""] ?? CHAIN_WORDS["predecessor"]}.`,
    usually:
      "A row that was changed in the database after it came, or a damaged disk. Tills cannot cause it by themselves.",
    next: "Do not correct anything by hand. Compare with the till's own journal (regulars-agent verify), and tell whoever runs the database.",
  },
  fork: {
    title: "Two rows have one number",
    sentence: (of) =>
      `${rowName(of)} came a second time with other content, and was refused${sum(of, ": ")}.`,
    usually:
      "A till's disk was copied, and both copies go on selling; or a till was restored from an image.",
    next: "Find the second machine and switch it off. What both have sold is kept: enrol the one that stays anew, then explain.",
  },
  tenders_differ: {
    title: "Payments do not add up to the total",
    sentence: (of) =>
      `${receipt(of)} comes to ${minor(of, "totalMinor")}, and was paid with ${minor(of, "tendersMinor", "tenderedMinor", "paidMinor")}: ${amount(of)} ${direction(of, "more", "less")}.`,
    usually:
      "A payment that was not entered, change that was entered as a payment, or a split payment that was broken off.",
    next: "Ask the store for the receipt's slip. Correct it at the till by an adjustment, or explain.",
  },
  z_differs: {
    title: "The Z report is not what the journal comes to",
    sentence: (of) =>
      `${till(of)} reports ${either(of, "reported")} in its Z${z(of)}${field(of)}; its journal comes to ${either(of, "journal", "computed")}${of.amountMinor === null ? "" : `: ${amount(of)} apart`}.`,
    usually:
      "Rows of the shift are missing here, or the till runs another version that counts otherwise.",
    next: "Look for missing rows of this till first. If there are none, keep both figures and tell whoever maintains the tills.",
  },
  z_number: {
    title: "A Z report or seal is missing, or came twice",
    sentence: (of) =>
      textIn(of, "of") === "open"
        ? `${till(of)} opened shift ${figure(of, "number")}, and no Z of it has come.`
        : `${till(of)} has ${textIn(of, "of") === "seal" ? "seal" : "Z"} ${figure(of, "number")} where ${figure(of, "expected")} was due.`,
    usually:
      "A shift was never closed, a till came back from a backup or went to another store with its drawer open, or it was set up anew and counts from one again.",
    next: "Ask the store for the Z that is missing, or for what was counted instead. If the till was set up anew, explain with the date.",
  },
  seal_differs: {
    title: "The day's seal does not fit",
    sentence: (of) => {
      const number = figure(of, "number");
      switch (textIn(of, "what")) {
        case "root":
          return `Seal ${number} of ${till(of)} does not come to its own root.`;
        case "left_out":
          return `${till(of)} had closed the day, and seal ${number} of the store does not name it.`;
        default:
          return `${rowName(of)} is another one than seal ${number} of the day names.`;
      }
    },
    usually:
      "Rows that the seal knows are not here yet or were changed, or the seal was made with a till missing.",
    next: "See the day's journals for gaps. When all rows are here and it still does not fit, treat it as a changed journal.",
  },
  card_unsettled: {
    title: "A card payment was not paid out",
    sentence: (of) =>
      `${till(of)} took ${amount(of)} by card${row(of)}${reference(of)}, and no settlement file has it.`,
    usually:
      "The payout comes a day or two later, the payment was broken off at the card terminal, or the file does not reach so far.",
    next: "Import the next settlement file. If the payment is in none after some days, ask the processor by the reference.",
  },
  settled_unknown: {
    title: "Paid out, but no till has the payment",
    sentence: (of) =>
      `The processor paid out ${amount(of)}${reference(of)}, and no till of ${of.store} has it.`,
    usually:
      "A payment at a card terminal that was never entered at the till, or one of another store or day.",
    next: "Ask the store for the slip. If the sale was never entered, have it entered now: it becomes an amendment to its day.",
  },
  settled_differs: {
    title: "Paid out with another amount",
    sentence: (of) =>
      `${till(of)} took ${minor(of, "tillMinor", "tenderMinor", "capturedMinor", "expectedMinor")} by card${row(of)}${reference(of)}; the processor has ${minor(of, "settledMinor", "processorMinor")}: ${amount(of)} ${direction(of, "more", "less")}.`,
    usually:
      "A typed amount at a card terminal that is not connected to the till, or a tip that was added later.",
    next: "Compare till receipt and card slip. What the customer paid counts: correct the till's side by an adjustment, or refund.",
  },
  late_sale: {
    title: "Sales after the day was closed",
    sentence: (of) => {
      const count = numberIn(of, "count", "rows", "events", "late");
      return `${till(of)} has ${count === null ? "something" : formatCountOf(count, "receipt")} for this day from after its Z report${sum(of, ": ")}.`;
    },
    usually:
      "A till that was offline or a sale that was entered later. It is an amendment to the day; its Z report stays as it was.",
    next: "Nothing, if the amount is plausible. Otherwise ask the store why it was entered late.",
  },
  clock_drift: {
    title: "A till's clock is wrong",
    sentence: (of) => {
      const ms = numberIn(of, "offsetMs", "driftMs", "aheadMs");
      return `The clock of ${till(of)} was ${ms === null ? "off" : `${spanWords(ms)} ${ms < 0 ? "behind" : "ahead"}`}${row(of)}.`;
    },
    usually: "A till without network time, an empty battery, or a zone that was set by hand.",
    next: "Have the store set the clock from the network. Sales keep their order; times on receipts of that day may be wrong.",
  },
  return_exceeds: {
    title: "More came back than was sold",
    sentence: (of) =>
      `${receipt(of)} gives back ${minor(of, "returnedMinor")} for a sale of ${minor(of, "soldMinor")}: ${amount(of)} too much.`,
    usually:
      "A receipt that was returned twice, in two stores or on two tills that could not see each other. Sometimes fraud.",
    next: "Look at both returns and who made them. Explain only with what the store has found out.",
  },
  loyalty_differs: {
    title: "Points were paid with, and not taken off",
    sentence: (of) =>
      `${receipt(of)} was paid with ${amount(of)} in points, ${textIn(of, "how") === "nobody" ? "and nobody says whose they were" : `and their program${named(of, "program")} has not taken them off`}.`,
    usually:
      "The program was away, and the till took the points all the same; or a member's card was not read.",
    next: "Ask the program for its bookings of the day. Points that nobody owns were typed in at the till: ask the store whose they were.",
  },
  golden_differs: {
    title: "A golden record does not add up to the journal",
    sentence: (of) =>
      `The golden record of one customer comes to ${minor(of, "goldenMinor")}, and the journal to ${minor(of, "journalMinor")}: ${amount(of)} apart.`,
    usually:
      "A golden record that was not recomputed after an update, or a fragment that was lost on its way.",
    next: "Start a recomputation of the customers concerned. If it stays, tell whoever runs the centre.",
  },
  over_short: {
    title: "The drawer is over or short",
    sentence: (of) =>
      `${till(of)} is ${amount(of)} ${direction(of, "over", "short")}${at(of)}${why(of)}.`,
    usually:
      "Change that was given wrongly, a payment that was entered as the wrong kind, or a count that was off.",
    next: "See what the store gave as reason. Small amounts are explained; what repeats belongs to the manager of the store.",
  },
  over_short_trend: {
    title: "Over or short again and again",
    sentence: (of) => {
      const shifts = numberIn(of, "shifts", "count", "times");
      const who = textIn(of, "staff");
      return `${who === null ? till(of) : `Staff ${who}`} ${direction(of, "was over", "was short")} in ${shifts === null ? "several shifts" : formatCountOf(shifts, "shift")}, ${amount(of)} together.`;
    },
    usually:
      "A drawer that several people share, training that is missing, or money that is taken.",
    next: "Talk with the manager of the store before anybody else. Look at the shifts one by one.",
  },
  unreadable: {
    title: "A row could not be read",
    sentence: (of) => `${rowName(of)} came whole, and could not be read: ${reason(of)}.`,
    usually:
      "A till of a newer version than the centre, or a row that was damaged before it was sent.",
    next: "Update the centre, then have the row read anew at the intake desk. Its money is not counted until then.",
  },
  journal_differs: {
    title: "Edge and centre have other journals",
    sentence: (of) => {
      const rows = formatCountOf(numberIn(of, "rows") ?? 1, "row");
      return textIn(of, "what") === "other_row"
        ? `${rows} of ${till(of)}${from(of)} say something else at the edge than here.`
        : `The edge has handed over ${rows} of ${till(of)}${from(of)}, which are not here.`;
    },
    usually: "A database that was restored from a backup, or rows that were changed by hand.",
    next: "What the edge still has is filled in by itself. What it has let go is in the archive of the till: fetch it there. Rows that differ are never overwritten; find out who has changed them.",
  },
};

/** What of the chain does not fit. */
const CHAIN_WORDS: Readonly<Record<string, string>> = {
  content: "is not what its hash says: its content is another one",
  predecessor: "does not continue the row before it",
  head: "is not the one that the journal ended with when it came",
  refused: "came, did not continue the journal that is here, and was refused",
};

/** All that is said of one, in English. */
export function wordsOf(subject: Subject): Words {
  const { sentence, ...words } = KIND_WORDS[subject.kind];
  const said = sentence(subject);
  return { ...words, sentence: said.charAt(0).toUpperCase() + said.slice(1) };
}

export const titleOf = (kind: ExceptionKind): string => KIND_WORDS[kind].title;
