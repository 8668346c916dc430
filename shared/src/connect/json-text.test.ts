import fc from "fast-check";
import { expect, test } from "vitest";
import { elementsOf, jsonTextOf, membersOf, objectOf } from "./json-text.ts";

const spaced = fc.constantFrom(undefined, 1, "\t", "\n ");

test("the members of an object, cut out as text, are its members", () => {
  const object = fc.dictionary(
    fc.string().filter((name) => name !== "__proto__"),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(object, spaced, (value, space) => {
      const members = membersOf(JSON.stringify(value, null, space));
      const read = [...members].map(([name, text]): [string, unknown] => [name, JSON.parse(text)]);
      expect(Object.fromEntries(read)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(JSON.parse(objectOf(members))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("the elements of a list, cut out as text, are its elements", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), spaced, (list, space) => {
      const elements = elementsOf(JSON.stringify(list, null, space));
      expect(elements.map((text): unknown => JSON.parse(text))).toEqual(
        JSON.parse(JSON.stringify(list)),
      );
    }),
  );
});

test("digits stay as they were sent, and of two members with one name the last one counts", () => {
  const text = '{"a":1.50 , "b":123456789012345678901,"a" :2.500}';
  expect([...membersOf(text)]).toEqual([
    ["a", "2.500"],
    ["b", "123456789012345678901"],
  ]);
});

test("text is trimmed of what stands around it, and judged before it is cut", () => {
  const bytes = new TextEncoder().encode('\uFEFF {"a":1}\n');
  expect(jsonTextOf(bytes)).toEqual({ ok: true, value: '{"a":1}' });
  expect(jsonTextOf(bytes.slice(0, -3))).toMatchObject({ reason: { code: "not_json" } });
});
