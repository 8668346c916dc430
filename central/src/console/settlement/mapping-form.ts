/** The form in which somebody says what the columns of a file mean. */
import { DELIMITERS } from "@regulars/shared/connect/csv/mapping";
import { storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { currencySchema } from "@regulars/shared/money";
import { z } from "zod";
import {
  MEANINGS,
  type SettlementMapping,
  type SettlementMeaning,
} from "../../reconcile/settlement/mapping.ts";
import type { DraftMapping, FileSample } from "../../reconcile/settlement/shapes.ts";

const text = z.string().max(LIMITS.fieldChars).default("");
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const formSchema = z.object({
  delimiter: z.enum(DELIMITERS),
  decimalMark: z.enum([".", ","]),
  dateOrder: z.enum(["dmy", "mdy", "ymd"]),
  zone: z.string().trim().max(64).default("store"),
  dayFromHour: z.coerce.number().int().min(0).max(11).default(0),
  currency: optional(z.string().trim().toUpperCase().pipe(currencySchema)),
  store: optional(storeIdSchema),
  onlyColumn: text,
  onlyValues: text,
  minusColumn: text,
  minusValues: text,
  feeSign: z.enum(["positive", "negative"]).default("positive"),
});

/** `column-amount`, `place-0` beside `place-0-store`, and the rest by its name. */
export type FormFields = Readonly<Record<string, unknown>>;

export function draftOfForm(
  fields: FormFields,
  { shape, header }: { shape: DraftMapping["shape"] } & Pick<FileSample, "header">,
): z.ZodSafeParseResult<DraftMapping> {
  return formSchema
    .transform((form): DraftMapping => {
      const { onlyColumn, onlyValues, minusColumn, minusValues, currency, store, ...rest } = form;
      const columns = columnsOf(fields, header);
      const only = filterOf(onlyColumn, onlyValues);
      const minus = filterOf(minusColumn, minusValues);
      return {
        ...rest,
        version: 1,
        shape,
        columns,
        stores: storesOf(fields),
        zone: form.zone === "" ? "store" : form.zone,
        ...(currency === undefined ? {} : { currency }),
        ...(store === undefined ? {} : { store }),
        ...(only === null ? {} : { only }),
        ...(minus === null ? {} : { minus }),
      };
    })
    .safeParse(fields);
}

const fieldOf = (fields: FormFields, name: string): string => {
  const value = fields[name];
  return typeof value === "string" ? value.trim() : "";
};

function columnsOf(fields: FormFields, header: readonly string[]): DraftMapping["columns"] {
  const columns: { -readonly [Meaning in SettlementMeaning]?: string } = {};
  for (const meaning of MEANINGS) {
    const column = fieldOf(fields, `column-${meaning}`);
    if (header.includes(column)) columns[meaning] = column;
  }
  return columns;
}

function storesOf(fields: FormFields): SettlementMapping["stores"] {
  const stores: Record<string, string> = {};
  for (let at = 0; at < LIMITS.settlementStoreValues * 2; at++) {
    const place = fieldOf(fields, `place-${at}`);
    const store = storeIdSchema.safeParse(fieldOf(fields, `place-${at}-store`));
    if (place !== "" && store.success) stores[place] = store.data;
  }
  return stores;
}

function filterOf(column: string, values: string): SettlementMapping["only"] | null {
  const listed = values
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "")
    .slice(0, 20);
  return column === "" || listed.length === 0 ? null : { column, values: listed };
}
