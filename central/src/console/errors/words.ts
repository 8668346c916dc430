/** What a refusal means at the console, and what one can do about it. */
import type { ProblemReason } from "@regulars/shared/problem";

interface Words {
  readonly title: string;
  readonly advice: string;
}

/** Of reasons that people meet; the others speak by their own title. */
const WORDS: Partial<Record<ProblemReason, Words>> = {
  signed_out: {
    title: "You are signed out",
    advice: "Nothing was changed. Sign in again, go back to the page and repeat what you did.",
  },
  stale_form: {
    title: "This page is too old to send anything",
    advice:
      "Nothing was changed. It was opened before you signed in, or is not a page of this console. Load it again and repeat what you did.",
  },
  forbidden: {
    title: "Your roles do not open this",
    advice: "Nothing was changed. If you need it for your work, ask whoever manages people here.",
  },
  not_found: {
    title: "There is nothing at this address",
    advice: "The address is not complete, or what was here is gone.",
  },
  conflict: {
    title: "Somebody was quicker",
    advice: "Nothing was overwritten. Go back, look at how it is now, and decide anew.",
  },
  last_admin: {
    title: "Somebody has to remain who manages people here",
    advice: "Nothing was changed. Give somebody else the role Admin first.",
  },
  name_taken: {
    title: "Somebody has this name already",
    advice: "Nothing was changed. Go back and choose another one.",
  },
  too_large: {
    title: "That is more than can be taken at once",
    advice: "Nothing was changed. Send less, or split the file.",
  },
  invalid_field: {
    title: "Something in the form cannot be used",
    advice: "Nothing was changed. Go back and mend what is named here.",
  },
  damaged_body: {
    title: "What was sent did not arrive whole",
    advice: "Nothing was changed. Go back and send it again.",
  },
  malformed_json: {
    title: "What was sent cannot be read",
    advice: "Nothing was changed. Go back and send it again.",
  },
  overloaded: {
    title: "There is too much to do at the moment",
    advice: "Nothing was changed. Wait a minute and try again.",
  },
  storage_unavailable: {
    title: "The database does not answer",
    advice: "Stores go on selling, and nothing is lost. Try again in a minute.",
  },
  unreachable: {
    title: "The other side cannot be reached",
    advice: "Nothing was changed. Try again in a minute.",
  },
  internal: {
    title: "Something went wrong here",
    advice:
      "It has been written to the log. Try again; if it happens again, tell whoever runs the centre when it was.",
  },
};

export const wordsOf = (reason: ProblemReason, title: string): Words =>
  WORDS[reason] ?? { title, advice: "Nothing was changed." };
