import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredView } from "./read.ts";
import { textOfView, viewOfText } from "./view-text.ts";

const storedView: fc.Arbitrary<StoredView> = fc.record({
  version: fc.nat(),
  golden: fc.nat(),
  isPending: fc.boolean(),
  view: fc.option(
    fc.oneof(
      fc.string(),
      fc.array(fc.json()).map((lines) => lines.join("\n")),
    ),
  ),
  json: fc.option(fc.json()),
});

test("EDG3: a view is the same after its way as text, whatever it says", () => {
  fc.assert(
    fc.property(fc.option(storedView), (view) => {
      expect(viewOfText(textOfView(view))).toEqual(view);
    }),
  );
  const redirect = { redirect: "c1" };
  expect(viewOfText(textOfView(redirect))).toEqual(redirect);
});
