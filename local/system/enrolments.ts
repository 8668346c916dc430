/** What the office does for a new till, done for every till of this machine: a code, asked of the edge as the centre asks. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { KEY_FILE } from "../../store-agent/src/db/till-key.ts";
import { request } from "./request.ts";

const tillsSchema = z.object({
  tills: z.array(
    z.object({ source: z.string(), store: z.string(), revokedAt: z.string().nullable() }),
  ),
});
const codeSchema = z.object({ code: z.string() });

interface NewTill {
  readonly source: string;
  readonly store: string;
}

/** A code for a till that the edge does not know as it is now; none for one that is revoked, which stays so. */
export async function openEnrolments(edgeUrl: string, centralToken: string) {
  const headers = { authorization: `Bearer ${centralToken}` };
  const { tills } = await request(`${edgeUrl}/v1/tills`, tillsSchema, { headers });
  return async ({ source, store }: NewTill, folder: string): Promise<string | null> => {
    const known = tills.find((till) => till.source === source);
    if (known?.revokedAt) return null;
    if (known?.store === store && existsSync(join(folder, KEY_FILE))) return null;
    const body = { source, store };
    const url = `${edgeUrl}/v1/tills/enrolments`;
    return (await request(url, codeSchema, { headers, body })).code;
  };
}
