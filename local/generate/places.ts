/** Where people live and shop: cities with their stores, streets whose names every city has, and houses of flats. */
import type { Faker } from "@faker-js/faker";
import { chance } from "../town/dice.ts";
import { digits } from "../town/letters.ts";
import { createRanking } from "./ranking.ts";

export interface Address {
  /** Empty in a house of one's own. */
  readonly flat: string;
  readonly number: number;
  readonly street: string;
  readonly city: string;
  readonly postcode: string;
  /** One number for all flats of a house; 0 in a house of one's own. */
  readonly house: number;
}

export interface Store {
  readonly id: string;
  readonly city: string;
  readonly area: string;
  /** Typed for a customer who gives none: it is many people's, and so nobody's (IDN4). */
  readonly email: string;
  readonly phone: string;
}

const cities = [
  ["Leeds", "LS"],
  ["York", "YO"],
  ["Bristol", "BS"],
  ["Norwich", "NR"],
  ["Cardiff", "CF"],
  ["Glasgow", "G"],
  ["Leicester", "LE"],
  ["Sheffield", "S"],
  ["Newcastle upon Tyne", "NE"],
  ["Exeter", "EX"],
  ["Birmingham", "B"],
  ["Nottingham", "NG"],
] as const;

const streetNames = createRanking(
  (
    "High,Station,Church,Victoria,Park,London,Mill,Queen,King,New,Green,Albert,Chapel,Springfield,Grange,School,North," +
    "South,West,East,Alexandra,York,Manor,George,Highfield,Windsor,Woodland,Richmond,Stanley,Grove,Clarence,Bridge," +
    "Beech,Elm,Oak,Ash,Cedar,Cherry,Meadow,Orchard,Priory,Castle,Abbey,Market,Well,Brook,Hill,Forest,Lake,Quarry"
  ).split(","),
  8,
);
const streetKinds = createRanking(
  "Road,Street,Lane,Avenue,Close,Drive,Way,Crescent,Terrace,Gardens,Court,Place".split(","),
  2,
);
const postcodeLetters = "ABDEFGHJLNPQRSTUWXYZ";
const customersPerStore = 2_500;
const storesMax = 60;

export function createStores(customers: number): readonly [Store, ...Store[]] {
  const count = Math.min(Math.max(Math.ceil(customers / customersPerStore), 3), storesMax);
  const [first, ...others] = Array.from({ length: count }, (_, at) => createStore(at));
  if (first === undefined) throw new Error("a town has a store");
  return [first, ...others];
}

function createStore(at: number): Store {
  const [city, area] = cities[at % cities.length] ?? cities[0];
  const id = `store-${digits(at + 1, 2)}`;
  return { id, city, area, email: `${id}@shop.example.com`, phone: `01632999${digits(at, 3)}` };
}

const flatShare = 0.16;
const lastOfHouseShare = 0.2;

export interface Doors {
  /** Each call opens another; those of one house of flats come one after the other. */
  open(near: Store): Address;
  /** Houses behind whose doors several customers live or lived. */
  readonly sharedHouses: Set<number>;
}

export function createDoors(dice: Faker): Doors {
  const lastByStore = new Map<string, Address>();
  const sharedHouses = new Set<number>();
  let houses = 0;
  return {
    sharedHouses,
    open: (near) => {
      if (!chance(dice, flatShare)) return createAddress(dice, near, { flat: "", house: 0 });
      const last = lastByStore.get(near.id);
      const door = last
        ? { ...last, flat: String(Number(last.flat) + 1) }
        : createAddress(dice, near, { flat: "1", house: ++houses });
      if (last) sharedHouses.add(last.house);
      if (chance(dice, lastOfHouseShare)) lastByStore.delete(near.id);
      else lastByStore.set(near.id, door);
      return door;
    },
  };
}

function createAddress(
  dice: Faker,
  { city, area }: Store,
  door: Pick<Address, "flat" | "house">,
): Address {
  const letter = (): string => postcodeLetters.charAt(dice.number.int(postcodeLetters.length - 1));
  const district = `${area}${dice.number.int({ min: 1, max: 29 })}`;
  return {
    ...door,
    number: dice.number.int({ min: 1, max: 180 }),
    street: `${streetNames(dice)} ${streetKinds(dice)}`,
    city,
    postcode: `${district} ${dice.number.int(9)}${letter()}${letter()}`,
  };
}

/** Tells one door from every other. */
export const keyOf = (address: Address): string => `${lineOf(address)}, ${address.postcode}`;

/** The line as it is on an envelope. */
export const lineOf = ({ flat, number, street }: Address): string =>
  flat === "" ? houseOf({ number, street }) : `Flat ${flat}, ${houseOf({ number, street })}`;

/** All flats of a house have this in common. */
export const houseOf = ({ number, street }: Pick<Address, "number" | "street">): string =>
  `${number} ${street}`;
