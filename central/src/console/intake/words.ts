/** Why something could not be used, in words for whoever has to do something about it. */
import { FAILURES } from "@regulars/shared/connect/failure";

interface Meaning {
  readonly means: string;
  readonly todo: string;
}

const AT_EDGE: Readonly<Record<keyof typeof FAILURES, string>> = {
  not_json:
    "Ask the other side to send it again. If all of its messages are like this, something between us changes them.",
  not_xml: "Export the file again and import it anew; this one was cut off or changed.",
  not_utf8: "Export the file in UTF-8, or say its encoding in the mapping, and import it anew.",
  unknown_topic:
    "If it is of no use here, switch it off at the other side, or drop it. A later version may understand it: then replay.",
  missing_field:
    "Look at one item. If the other side calls the field differently, change the mapping or its export, then replay.",
  bad_field:
    "Look at one item and at the setting of the account: country, zone and places are what fields are read by. Then replay.",
  bad_row: "Mend the row in the file and import it again, then drop this one.",
  bad_money:
    "Look at the currency of the account. An amount that is none has to be mended at the other side.",
  bad_time:
    "Look at the time zone of the account. A time that is none has to be mended at the other side.",
  too_large: "The other side has to send it in smaller parts.",
  no_identity:
    "If sales without a customer are welcome, take the rule \u201crequires a customer\u201d away and replay.",
  rule: "A rule of the account holds it up. Look at one item: change the rule and replay, or approve what is right.",
  unknown_order:
    "It is tried again by itself. If the order never comes, the account does not send its orders.",
  unknown_receipt:
    "It is tried again by itself. If the receipt never comes, look whether its till is still sending.",
  unknown_store: "Add the place to the locations of the account, then replay.",
  not_found: "It may have been deleted at the other side. Drop it, if it is gone there.",
  already_voided: "Somebody has taken it back twice. Look at both, and drop the second.",
  other_currency: "Look at the order at the other side: it was changed after it was paid.",
  bad_signature:
    "Set the signing secret of the account to the one of the other side, then replay: it is proven anew.",
  no_signature: "Switch signing on at the other side, or look who sends there.",
  old_signature: "It was sent long ago, or a clock is off. Look at one item before anything else.",
  refused_access: "Set a new access token for the account, then replay.",
  unreachable: "It is tried again by itself. If it lasts, ask the other side.",
  internal: "This is a mistake of ours. Replay after the next update.",
};

/** Of the edge's desk. A code of another build is shown as it is. */
export function edgeMeaning(code: string): Meaning {
  const known = Object.entries(FAILURES).find(([name]) => name === code)?.[1];
  const todo = Object.entries(AT_EDGE).find(([name]) => name === code)?.[1];
  return {
    means: known ? known.words : `A reason that this version does not know (${code})`,
    todo: todo ?? "Look at one item, and ask whoever runs the edge.",
  };
}

const HERE: Readonly<Record<string, Meaning>> = {
  not_an_event: {
    means: "A till sent a row that cannot be read as an event",
    todo: "The till may be newer than this centre: update the centre and replay. The sale is safe, but counted nowhere yet.",
  },
  key_mismatch: {
    means: "A row says another number, or a fragment another key, than it was sent under",
    todo: "Look at the till: its folder may have been copied. Replay after an update; until then it is counted nowhere.",
  },
  checksum: {
    means: "Bytes arrived damaged",
    todo: "The till sends them again by itself. Replay; if it comes back, look at the till's disk and network.",
  },
  not_a_fragment: {
    means: "What a till knows about a customer cannot be read",
    todo: "The till may be newer than this centre: update the centre and replay.",
  },
  fork: {
    means: "Two different rows have the same number in one till's journal",
    todo: "It is never merged by itself. A folder was copied or restored: find the second machine, and compare both receipts.",
  },
  broken_chain: {
    means: "A row does not follow the one before it",
    todo: "Bytes were changed on the way or on a disk. Replay when the right row has arrived; otherwise look at the till.",
  },
  gap: {
    means: "Rows before it have not arrived",
    todo: "The till sends what is missing by itself. If it lasts, look whether the till is online.",
  },
};

export const hereMeaning = (code: string): Meaning =>
  HERE[code] ?? {
    means: `A reason that was given by another part (${code.replaceAll("_", " ")})`,
    todo: "Replay after an update. Until then it is kept, and counted nowhere.",
  };
