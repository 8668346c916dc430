import { expect, test } from "vitest";
import { splitName } from "./whole-name.ts";

test.each([
  ["Peter Gibbons", { givenName: "Peter", familyName: "Gibbons" }],
  ["Dr. Anna-Maria Müller", { givenName: "Anna-Maria", familyName: "Müller" }],
  ["Gibbons, Peter", { givenName: "Peter", familyName: "Gibbons" }],
  ["Ludwig van Beethoven", { givenName: "Ludwig", familyName: "van Beethoven" }],
  ["John Smith Jr.", { givenName: "John", familyName: "Smith" }],
  ["Cher", { givenName: "Cher" }],
])("%s", (full, pair) => {
  expect(splitName(full)).toEqual(pair);
});

test.each(["", "   ", "peter@example.com", "N/A", "x".repeat(2_000)])(
  "what is no name stays what it is: %.20s",
  (full) => {
    expect(splitName(full)).toBeNull();
  },
);
