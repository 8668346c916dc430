/** Mappings that people have confirmed, by the head of their files: the next file with the same head is read the same way. */
import { sha256Hex } from "@regulars/shared/digest";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { type SettlementMapping, settlementMappingSchema } from "./mapping.ts";

const rememberedSchema = z.object({
  mapping: settlementMappingSchema,
  by: z.string(),
  atMs: z.int(),
});
export type Remembered = z.infer<typeof rememberedSchema>;

const nameOf = (header: readonly string[]): string =>
  `settlement_mapping/${sha256Hex(JSON.stringify(header))}`;

export async function recallMapping(
  storage: Storage,
  header: readonly string[],
): Promise<Remembered | null> {
  const [row] = await rowsOf(storage, "select value from reconciliation where name = ?", [
    nameOf(header),
  ]);
  if (!row) return null;
  // One of another build is as good as none: it is confirmed anew.
  const parsed = rememberedSchema.safeParse(JSON.parse(textOf(row, "value")));
  return parsed.success ? parsed.data : null;
}

export const rememberStatement = (
  header: readonly string[],
  remembered: { mapping: SettlementMapping; by: string; atMs: number },
): Statement => ({
  sql: "insert into reconciliation (name, value) values (?, ?) on conflict do update set value = excluded.value",
  args: [nameOf(header), JSON.stringify(remembered)],
});
