/** What the parts of a WooCommerce message are read with, and how all of them say when. */
import type { MapAccount } from "../mapper.ts";
import type { Part } from "../read/part.ts";

export interface WooContext {
  readonly account: MapAccount;
  readonly receivedAt: string;
  readonly isDeleted: boolean;
}

/** `<name>_gmt` is UTC and does not say so; where it is missing, `<name>` is the clock of the shop. */
export const whenOf = (part: Part, name: string, { account }: WooContext): string | undefined =>
  part.utcInstant(`${name}_gmt`) ?? part.instantIn(name, account.zone);
