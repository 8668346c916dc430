/** Profiles read by id, as an app reads them: what one read comes to. */
import { z } from "zod";
import { perSaleOf, type PerSale } from "./sales.ts";
import type { MeteredHouse } from "./house.ts";

const foundSchema = z.object({ customer: z.string() });

/** The first of the customers that `sellOneByOne` has sold to. */
export async function readProfiles(house: MeteredHouse, reads: number): Promise<PerSale> {
  const headers = { authorization: `Bearer ${house.token}` };
  const found = await fetch(`${house.edgeUrl}/v1/customers/lookup`, {
    method: "POST",
    headers,
    body: JSON.stringify({ loyaltyNumber: "9800000000", fields: ["identity"] }),
  });
  const { customer } = foundSchema.parse(await found.json());
  const before = await house.counts();
  for (let read = 0; read < reads; read++) {
    const response = await fetch(`${house.edgeUrl}/v1/customers/${customer}`, { headers });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`a read was answered with ${response.status}`);
  }
  return perSaleOf(before, await house.counts(), reads);
}
