/** Which agents a replay starts, and on which ports. */
import type { Format } from "../formats/formats.ts";
import { findPorts } from "../system/ports.ts";
import type { SystemPlan } from "../system/system.ts";
import type { Options } from "./options.ts";

export async function planReplay(
  { stores, terminals, port }: Options,
  { zone, country, currency }: Format,
  folder: string,
): Promise<SystemPlan> {
  const count = stores * terminals;
  const first = await findPorts(2 + 2 * count, port);
  const agents = Array.from({ length: count }, (_, at) => {
    const store = `store-${Math.floor(at / terminals) + 1}`;
    return {
      store,
      source: `${store}-till-${(at % terminals) + 1}`,
      port: first + 2 + at,
      uplinkPort: first + 2 + count + at,
    };
  });
  return {
    folder,
    place: { zone, country, currency },
    centrePort: first,
    edgePort: first + 1,
    agents,
  };
}
