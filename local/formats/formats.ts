/** The file formats that can be replayed, by the name that `--format` takes. */
import type { Invoice } from "./invoice.ts";
import { readOnlineRetail } from "./online-retail.ts";
import { CURRENCY, ZONE } from "./online-retail-line.ts";
import type { Text } from "./read-text.ts";

export interface Format {
  read(text: Text): AsyncGenerator<Invoice>;
  /** Where the shop stands. */
  readonly zone: string;
  readonly country: string;
  readonly currency: string;
}

export const FORMATS: Readonly<Record<string, Format>> = {
  "online-retail": { read: readOnlineRetail, zone: ZONE, country: "GB", currency: CURRENCY },
};
