/** The town's stores and tills, and their ports. */
import type { SystemPlan } from "../system/system.ts";
import { CURRENCY } from "./basket.ts";
import type { Till } from "./day.ts";
import type { TownOptions } from "./options.ts";
import { APP_ACCOUNT } from "./web-shop.ts";

export const ZONE = "Europe/London";

const till = (store: string, number: number): Till => ({
  store,
  source: `${store}-till-${number}`,
});

export const STORES: readonly (readonly [Till, ...Till[]])[] = [
  [till("store-1", 1), till("store-1", 2)],
  [till("store-2", 1)],
];

export function planTown({ data, port }: TownOptions): SystemPlan {
  return {
    folder: data,
    place: { zone: ZONE, country: "GB", currency: CURRENCY },
    centrePort: port,
    edgePort: port + 1,
    edgeSettings: { APP_ACCOUNT },
    agents: STORES.flat().map((each, at) => ({
      ...each,
      port: port + 11 + at,
      uplinkPort: port + 21 + at,
    })),
  };
}
