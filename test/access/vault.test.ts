import fc from "fast-check";
import { expect, test } from "vitest";
import { openVault } from "../../edge/src/registry/vault.ts";

const SECRET = "a secret of sixteen or more";

test("SEC1: what is sealed opens as it was, and not when one bit of it was turned", async () => {
  const vault = await openVault(SECRET);
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.nat(),
      async (text, about, at) => {
        const sealed = await vault.seal(text, about);
        const plain = new TextDecoder().decode(new TextEncoder().encode(text));
        expect(await vault.open(sealed, about)).toBe(plain);
        const bit = at % (sealed.length * 8);
        sealed[bit >> 3]! ^= 1 << (bit & 7);
        await expect(vault.open(sealed, about)).rejects.toThrow(Error);
      },
    ),
    { numRuns: 100 },
  );
});
