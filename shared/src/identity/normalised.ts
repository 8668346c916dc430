/**
 * What became of a field that people or forms wrote: read as it stood, read after a repair, or not at all. The quality is
 * kept beside the value, because a value that was guessed must weigh less than one that was given.
 */
export type Quality = "parsed" | "repaired" | "rejected";

export type Normalised<Value, Reason extends string = string> =
  | { readonly quality: "parsed" | "repaired"; readonly value: Value }
  | { readonly quality: "rejected"; readonly reason: Reason };

export const accepted = <Value>(value: Value, isRepaired: boolean) =>
  ({ quality: isRepaired ? "repaired" : "parsed", value }) as const;

export const rejected = <Reason extends string>(reason: Reason) =>
  ({ quality: "rejected", reason }) as const;
