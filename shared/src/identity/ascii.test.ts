import anyAscii from "any-ascii";
import { expect, test } from "vitest";
import { asciiOf } from "./ascii.ts";

test("every sign of today's scripts is what any-ascii makes of it", () => {
  const other: string[] = [];
  for (let code = 0; code < 0x1_0000; code++) {
    // Halves of a pair are no signs.
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const sign = String.fromCodePoint(code);
    if (asciiOf(sign) !== anyAscii(sign)) other.push(`${code.toString(16)} ${asciiOf(sign)}`);
  }
  expect(other).toEqual([]);
});

test.each([
  ["Zoë Müller", "Zoe Muller"],
  ["Юлия", "Yuliya"],
  ["김민준", "GimMinJun"],
  ["王小明", "WangXiaoMing"],
  ["a\u{12000}b", "ab"],
])("%s is %s", (text, ascii) => {
  expect(asciiOf(text)).toBe(ascii);
});
