/** Delivering: changed fragments to the centre as source records, until it has them. The latest state is enough. */
import { bytesToBase64 } from "@regulars/shared/digest";
import type { Clamps } from "@regulars/shared/fragment/clamp";
import { parseFragmentId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { FragmentsIntake, FragmentsIntakeAnswer } from "@regulars/shared/protocol/intake";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import {
  bytesOf,
  numberOf,
  rowsOf,
  type Row,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";

export interface CentralPort {
  fragments(intake: FragmentsIntake): Promise<FragmentsIntakeAnswer>;
}

/** One batch; false when nothing was waiting. Throws when the centre cannot be reached; all stays then. */
export async function deliverRound(storage: Storage, central: CentralPort): Promise<boolean> {
  const rows = withinBytes(
    await rowsOf(
      storage,
      `select f.customer, f.id, f.clock, f.sha256, f.state, f.clamps
       from undelivered u join fragment f on f.customer = u.customer and f.id = u.id limit ?`,
      [LIMITS.deliverItems],
    ),
  );
  if (rows.length === 0) return false;
  await central.fragments({ ...THIS_VERSION, fragments: rows.map((row) => intakeOf(row)) });
  await storage.write(
    rows.map((row) => ({
      sql: "delete from undelivered where customer = ? and id = ? and clock <= ?",
      args: [textOf(row, "customer"), textOf(row, "id"), numberOf(row, "clock")],
    })),
  );
  return true;
}

function intakeOf(row: Row): FragmentsIntake["fragments"][number] {
  return {
    ...parseFragmentId(textOf(row, "id")),
    customer: textOf(row, "customer"),
    clock: numberOf(row, "clock"),
    state: bytesToBase64(bytesOf(row, "state")),
    sha256: textOf(row, "sha256"),
    ...(row["clamps"] === null ? {} : { clamps: parseOwn<Clamps>(textOf(row, "clamps")) }),
  };
}

function withinBytes(rows: readonly Row[]): Row[] {
  let bytes = 0;
  const end = rows.findIndex((row) => {
    bytes += bytesOf(row, "state").length;
    return bytes > LIMITS.deliverBytes;
  });
  return rows.slice(0, end === -1 ? rows.length : Math.max(1, end));
}
