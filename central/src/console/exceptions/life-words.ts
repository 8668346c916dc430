/** The life of an exception and what stands in the way of a decision, in words. */
import { LIMITS } from "@regulars/shared/limits";
import type { DecisionRefusal } from "../../reconcile/exceptions/decide.ts";
import type {
  EntryAction,
  ExceptionEntry,
  StoredException,
} from "../../reconcile/exceptions/read.ts";
import { formatCount, formatTime } from "../format.ts";
import type { Tone } from "../parts.tsx";
import type { Names } from "./people.ts";

export const STATE_WORDS: Readonly<
  Record<StoredException["state"], { words: string; tone: Tone }>
> = {
  open: { words: "Open", tone: "bad" },
  explained: { words: "Explained", tone: "waiting" },
  approved: { words: "Approved", tone: "good" },
  settled: { words: "Settled", tone: "good" },
};

const ACTION_WORDS: Readonly<Record<EntryAction, string>> = {
  opened: "found this",
  found_again: "found this again",
  changed: "found this with other figures",
  assigned: "assigned this",
  explained: "explained this",
  approved: "approved the explanation",
  rejected: "sent the explanation back",
  reopened: "opened this again",
  settled: "found this settled by new data",
};

export const ENTRY_TONES: Readonly<Record<EntryAction, "good" | "waiting" | "bad" | "none">> = {
  opened: "bad",
  found_again: "none",
  changed: "bad",
  assigned: "none",
  explained: "waiting",
  approved: "good",
  rejected: "bad",
  reopened: "bad",
  settled: "good",
};

export function entryWords({ action, by, note }: ExceptionEntry, names: Names): string {
  if (action !== "assigned") return `${names(by)} ${ACTION_WORDS[action]}`;
  if (note === null) return `${names(by)} took this from whoever had it`;
  return note === by ? `${names(by)} took this on` : `${names(by)} gave this to ${names(note)}`;
}

/** Why a decision was not taken, to the person who tried. */
export function refusalWords(
  refusal: Exclude<DecisionRefusal, { why: "unknown_exception" }>,
  names: Names,
): string {
  switch (refusal.why) {
    case "conflict": {
      const { last, now } = refusal;
      const who = last === null ? "Somebody has changed this" : entryWords(last, names);
      return `${who} on ${formatTime(now.changedMs, now.zone)}, after this page was opened. Nothing of yours was saved; below is how it stands now.`;
    }
    case "same_person":
      return "You have explained this yourself. Ask a colleague to approve it.";
    case "wrong_state":
      return `This is ${STATE_WORDS[refusal.now.state].words.toLowerCase()} now, so that cannot be done with it.`;
    case "note_missing":
      return "Write down what you have found out: whoever approves it has nothing else to go by.";
    case "note_too_long":
      return `The note is longer than ${formatCount(LIMITS.noteChars)} characters.`;
    case "unknown_person":
      return "That person is not here any more. Choose somebody else.";
  }
}
