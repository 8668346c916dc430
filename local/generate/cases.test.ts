import { beforeAll, describe, expect, test } from "vitest";
import { normalisePhone } from "@regulars/shared/identity/phone";
import { CASES, mainCaseOf, type Case } from "./cases.ts";
import { birthYearOf, type Customer, END_MS, valueAt } from "./customer.ts";
import { houseOf } from "./places.ts";
import { createRecords, type SourceRecord } from "./records.ts";
import { createLabelledTown, type LabelledTown } from "./town.ts";

let town: LabelledTown;
let records: SourceRecord[];
let byHousehold: Map<number, Customer[]>;
let byCustomer: Map<number, SourceRecord[]>;
beforeAll(() => {
  town = createLabelledTown(7, 12_000);
  records = [...createRecords(town)];
  byHousehold = Map.groupBy(town.customers(), ({ household }) => household);
  byCustomer = Map.groupBy(records, ({ customer }) => customer.id);
});

const labelled = (each: Case): SourceRecord[] => {
  const found = records.filter(({ mainCase }) => mainCase === each);
  expect(found.length).toBeGreaterThan(0);
  return found;
};
const othersAtHome = ({ id, household }: Customer): Customer[] =>
  (byHousehold.get(household) ?? []).filter((each) => each.id !== id);
const familyNameOf = ({ familyName }: Customer): string => valueAt(familyName, END_MS) ?? "";
const digitsOf = (phone: string): string => normalisePhone(phone, "GB") ?? phone;
const owners = (field: "phone" | "email") => {
  const read = (text: string) => (field === "phone" ? digitsOf(text) : text.trim().toLowerCase());
  const shown = records.filter(({ fields }) => fields[field] !== "");
  return {
    read,
    byValue: Map.groupBy(shown, ({ fields }) => read(fields[field])),
  };
};
const before = ({ customer, fields }: SourceRecord): SourceRecord[] =>
  (byCustomer.get(customer.id) ?? []).filter(
    (each) => each.fields.captured_at < fields.captured_at,
  );
const nameOf = (each: Customer): string => `${each.givenName} ${familyNameOf(each)}`;
const nameAndBirthday = (each: Customer): string => `${nameOf(each)} ${each.birthDate}`;

describe("a hard case is what it says", () => {
  test("twins: another of the house has the birthday and the family name", () => {
    for (const { customer } of labelled("twins")) {
      const [twin, ...more] = othersAtHome(customer).filter(({ role }) => role === "twin");
      expect(more).toEqual([]);
      expect(twin).toMatchObject({ birthDate: customer.birthDate, sex: customer.sex });
      expect(familyNameOf(twin!)).toBe(familyNameOf(customer));
      expect(twin!.givenName).not.toBe(customer.givenName);
      expect(twin!.address).toEqual(customer.address);
    }
  });

  test("senior and junior: one name and home, a generation apart, a suffix seldom written", () => {
    const found = labelled("senior_junior");
    for (const { customer } of found) {
      const other = othersAtHome(customer).find(({ suffix }) => suffix !== "")!;
      expect(other.givenName).toBe(customer.givenName);
      expect(familyNameOf(other)).toBe(familyNameOf(customer));
      expect(Math.abs(birthYearOf(other) - birthYearOf(customer))).toBeGreaterThan(18);
      expect(new Set([other.suffix, customer.suffix])).toEqual(new Set(["Sr", "Jr"]));
    }
    const written = found.filter(({ fields }) => / [SJ]r$/i.test(fields.family_name));
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThan(found.length / 2);
  });

  test("parent and child: the child has no number and gives the mother's", () => {
    const people = labelled("parent_child").map(({ customer }) => customer);
    for (const mother of people.filter(({ mother: hers }) => hers === null)) {
      expect(othersAtHome(mother).some((each) => each.mother?.id === mother.id)).toBe(true);
    }
    for (const child of people.filter(({ mother }) => mother !== null)) {
      expect(child.phone.map(({ value }) => value)).toEqual([null]);
      expect(birthYearOf(child) - birthYearOf(child.mother!)).toBeGreaterThan(12);
    }
  });

  test("shared e-mail and phone: the value is the household's, and most are shown by several", () => {
    for (const [each, field, of] of [
      ["shared_email", "email", "sharedEmail"],
      ["shared_phone", "phone", "sharedPhone"],
    ] as const) {
      const found = labelled(each);
      for (const { customer } of found) {
        expect(customer[of]).not.toBeNull();
        expect(othersAtHome(customer).some((other) => other[of] === customer[of])).toBe(true);
      }
      const { byValue, read } = owners(field);
      const several = found.filter(({ fields }) => {
        const shown = byValue.get(read(fields[field])) ?? [];
        return new Set(shown.map(({ customer }) => customer.id)).size > 1;
      });
      expect(several.length / found.length).toBeGreaterThan(0.9);
    }
  });

  test("a recycled number has two owners of different homes, one after the other", () => {
    const { byValue } = owners("phone");
    expect(town.known.recycled.size).toBeGreaterThan(10);
    labelled("recycled_phone");
    for (const phone of town.known.recycled) {
      const shown = byValue.get(digitsOf(phone)) ?? [];
      const byHome = Map.groupBy(shown, ({ customer }) => customer.household);
      const spans = [...byHome.values()]
        .map((of) => of.map(({ fields }) => fields.captured_at).toSorted())
        .toSorted((one, other) => (one[0]! < other[0]! ? -1 : 1));
      expect(spans.length).toBeLessThanOrEqual(2);
      const [[...first] = [], [second = "~"] = []] = spans;
      expect((first.at(-1) ?? "") < second).toBe(true);
    }
  });

  test("IDN4 a store's own value is typed for many strangers", () => {
    const { byValue } = owners("phone");
    labelled("store_tablet");
    for (const invented of ["00000000000", "07000000000", "01632999000"]) {
      const shown = byValue.get(digitsOf(invented)) ?? [];
      expect(new Set(shown.map(({ customer }) => customer.household)).size).toBeGreaterThan(3);
    }
  });

  test("a namesake has name and birthday of somebody in another household", () => {
    const byKey = Map.groupBy([...byHousehold.values()].flat(), nameAndBirthday);
    for (const { customer } of labelled("namesake")) {
      const homes = byKey.get(nameAndBirthday(customer))!.map(({ household }) => household);
      expect(new Set(homes).size).toBe(2);
    }
  });

  test("a changed name, home, card, e-mail or number was another one in an earlier record", () => {
    for (const [each, field] of [
      ["married_name", "family_name"],
      ["moved", "street"],
      ["lost_card", "loyalty_number"],
      ["new_email", "email"],
      ["new_phone", "phone"],
    ] as const) {
      for (const record of labelled(each)) {
        const shows = ({ fields }: SourceRecord): string =>
          field === "family_name" ? fields.family_name || fields.given_name : fields[field];
        const earlier = before(record).map(shows);
        expect(earlier.some((text) => text !== "" && text !== shows(record))).toBe(true);
      }
    }
  });

  test("a common name is borne in another household, and no card or e-mail helps", () => {
    const byName = Map.groupBy([...byHousehold.values()].flat(), nameOf);
    for (const { customer, fields } of labelled("common_name")) {
      const homes = byName.get(nameOf(customer))!.map(({ household }) => household);
      expect(new Set(homes).size).toBeGreaterThan(1);
      expect(fields.loyalty_number + fields.email).toBe("");
    }
  });

  test("strangers at one address: another household, or another name behind the door", () => {
    const houses = new Map<string, Set<number>>();
    for (const { household, address } of [...byHousehold.values()].flat()) {
      for (const { value } of address) {
        const house = `${houseOf(value)} ${value.postcode}`;
        houses.set(house, (houses.get(house) ?? new Set()).add(household));
      }
    }
    for (const { customer } of labelled("same_address")) {
      const shared = customer.address.some(
        ({ value }) => houses.get(`${houseOf(value)} ${value.postcode}`)!.size > 1,
      );
      const names = new Set(othersAtHome(customer).map(familyNameOf));
      expect(shared || (customer.role === "sharer" && !names.has(familyNameOf(customer)))).toBe(
        true,
      );
    }
  });
});

describe("a record's form", () => {
  test("a transposed date is the birth date with day and month exchanged", () => {
    const found = labelled("transposed_date");
    for (const { customer } of found)
      expect(customer.birthDate.slice(5, 7)).not.toBe(customer.birthDate.slice(8));
    for (const { customer, fields } of found.filter((each) =>
      /^\d{4}(-\d\d){2}$/.test(each.fields.birth_date),
    )) {
      const [year, month, day] = customer.birthDate.split("-");
      expect(fields.birth_date).toBe(`${year}-${day}-${month}`);
    }
  });

  test("a default date is nobody's birthday in particular", () => {
    const dates = new Set(labelled("default_date").map(({ fields }) => fields.birth_date));
    expect([...dates].toSorted()).toEqual(["1900-01-01", "1970-01-01"]);
  });

  test("swapped names, names in one field and initials look like that", () => {
    const swapped = labelled("swapped_names").filter(
      ({ customer, fields }) =>
        fields.family_name.toLowerCase() === customer.givenName.toLowerCase(),
    );
    expect(swapped.length / labelled("swapped_names").length).toBeGreaterThan(0.6);
    for (const { fields } of labelled("name_in_one_field")) {
      expect(fields.family_name).toBe("");
      expect(fields.given_name).toMatch(/\S,? \S/);
    }
    for (const { fields } of labelled("initial")) expect(fields.given_name).toMatch(/^\p{L}\.?$/u);
  });

  test("a guest has an e-mail, a name and never a card", () => {
    for (const { fields } of labelled("guest")) {
      expect(fields).toMatchObject({ channel: "web", loyalty_number: "" });
      expect([fields.email, fields.family_name]).not.toContain("");
    }
  });

  test("a missing record has one way to know the customer, and that is the customer's alone", () => {
    for (const { fields } of labelled("missing")) {
      const shown = [fields.loyalty_number, fields.email, fields.phone].filter((text) => text);
      expect(shown).toHaveLength(1);
      expect(fields.given_name + fields.family_name + fields.birth_date + fields.street).toBe("");
    }
  });

  test("no record has a name and nothing beside it", () => {
    for (const { fields } of records) {
      const { loyalty_number: card, email, phone, birth_date: born, street } = fields;
      expect(card + email + phone + born + street).not.toBe("");
    }
  });
});

test("the hardest case is the label", () => {
  expect(mainCaseOf(new Set())).toBe("plain");
  expect(mainCaseOf(new Set(["typo", "twins", "moved"]))).toBe("twins");
  expect(CASES.at(-1)).toBe("plain");
});
