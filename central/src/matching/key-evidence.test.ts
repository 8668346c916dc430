import { describe, expect, test } from "vitest";
import {
  CHILD,
  clusterSaid,
  HOME,
  MOTHER,
  naming,
  PHONE,
  reasonsOf,
  type Said,
} from "../testing/said.ts";
import type { Features } from "./features.ts";

const short = ({ given = [], family = [], phone = "" }: Partial<Features>) => ({
  given,
  family,
  phone,
});

describe("IDN3 one phone, several people", () => {
  test("mother and child are two customers, refused as a household", () => {
    const found = clusterSaid({
      child: { says: CHILD, keys: naming(PHONE) },
      mother: { says: MOTHER, keys: naming(PHONE) },
    });
    expect(found.clusters).toEqual([["child"], ["mother"]]);
    expect(found.refusals).toEqual([
      expect.objectContaining({ a: "child", b: "mother", by: PHONE, reason: "household" }),
    ]);
  });

  test("each of the two still finds their own second record by it", () => {
    const found = clusterSaid({
      child1: { says: CHILD, keys: naming(PHONE) },
      child2: { says: short(CHILD), keys: naming(PHONE) },
      mother1: { says: MOTHER, keys: naming(PHONE) },
      mother2: { says: short(MOTHER), keys: naming(PHONE) },
    });
    expect(found.clusters).toEqual([
      ["child1", "child2"],
      ["mother1", "mother2"],
    ]);
  });

  test("a bare number between them joins neither", () => {
    const found = clusterSaid({
      bare: { says: { phone: HOME.phone }, keys: naming(PHONE) },
      child: { says: CHILD, keys: naming(PHONE) },
      mother: { says: MOTHER, keys: naming(PHONE) },
    });
    expect(found.clusters).toEqual([["bare"], ["child"], ["mother"]]);
  });

  test("twins are two customers", () => {
    const twin = { ...CHILD, given: ["lukas"] };
    const found = clusterSaid({
      one: { says: CHILD, keys: naming(PHONE) },
      two: { says: twin, keys: naming(PHONE) },
    });
    expect(found.clusters).toEqual([["one"], ["two"]]);
    expect(reasonsOf(found)).toEqual(["household"]);
  });

  test("senior and junior of one name, address and phone are two customers", () => {
    const senior = {
      ...HOME,
      given: ["john"],
      family: ["garcia"],
      suffix: "sr",
      birth: "1950-02-17",
    };
    const junior = {
      ...HOME,
      given: ["john"],
      family: ["garcia"],
      suffix: "jr",
      birth: "1981-09-06",
    };
    const found = clusterSaid({
      one: { says: senior, keys: naming(PHONE) },
      two: { says: junior, keys: naming(PHONE) },
    });
    expect(found.clusters).toEqual([["one"], ["two"]]);
    expect(reasonsOf(found)).toEqual(["household"]);
  });

  test("a recycled number with another family name joins nobody: a weaker key", () => {
    const before = { given: ["maria"], family: ["garcia"], phone: HOME.phone };
    const after = { given: ["m"], family: ["okafor"], phone: HOME.phone };
    const found = clusterSaid({
      after: { says: after, keys: naming(PHONE) },
      before: { says: before, keys: naming(PHONE) },
    });
    expect(found.clusters).toEqual([["after"], ["before"]]);
    expect(reasonsOf(found)).toEqual(["weaker_key"]);
  });

  test("and a person who gives it twice is one", () => {
    const said = { given: ["maria"], family: ["garcia"], phone: HOME.phone };
    const found = clusterSaid({
      one: { says: said, keys: naming(PHONE) },
      two: { says: said, keys: naming(PHONE) },
    });
    expect(found.clusters).toEqual([["one", "two"]]);
    expect(found.links).toEqual([expect.objectContaining({ kind: "deterministic", by: PHONE })]);
  });
});

describe("IDN4 a shop's phone is a place", () => {
  const names = ["anna", "peter", "omar", "lena", "igor", "ruth", "hugo", "zoe"];
  const customers = Object.fromEntries(
    names.map((name, at): [string, Said] => [
      name,
      {
        says: {
          given: [name],
          family: [`family${"abcdefgh"[at]}x`],
          birth: `19${50 + at * 5}-0${at + 1}-1${at}`,
        },
        keys: naming(PHONE),
      },
    ]),
  );

  test("a number of many joins nobody, and one refusal says so", () => {
    const found = clusterSaid(customers);
    expect(found.clusters.every(({ length }) => length === 1)).toBe(true);
    expect(reasonsOf(found)).toEqual(["value_of_many"]);
  });

  test("who is one by other evidence stays one", () => {
    const found = clusterSaid({ ...customers, anna2: customers["anna"]! });
    expect(found.clusters).toContainEqual(["anna", "anna2"]);
    expect(found.links.map(({ kind }) => kind)).toEqual(["probabilistic"]);
  });

  test("a key of a place proves nothing and refuses nothing", () => {
    const keys = naming("device:till-7");
    const found = clusterSaid({ one: { says: MOTHER, keys }, two: { keys }, three: { keys } });
    expect([found.links, found.refusals]).toEqual([[], []]);
  });
});

describe("IDN3 values that are nobody's", () => {
  test("a blocked value joins nobody", () => {
    const keys = naming("email:none@none.com");
    const found = clusterSaid({ one: { keys }, two: { keys }, three: { keys } });
    expect(found.clusters).toHaveLength(3);
    expect(reasonsOf(found)).toEqual(["blocked_value"]);
  });
});
