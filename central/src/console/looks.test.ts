import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("style.css", import.meta.url), "utf8");
const [light = "", dark = ""] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => body);

const coloursOf = (body: string): Map<string, string> =>
  new Map(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );

function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrastOf(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].toSorted(
    (a, b) => a - b,
  );
  return (lighter + 0.05) / (darker + 0.05);
}

const GROUNDS = ["paper", "card", "sunken"];
const STATES = ["good", "waiting", "bad", "serious", "info"];
const TEXT: readonly (readonly [text: string, grounds: readonly string[]])[] = [
  ["ink", [...GROUNDS, "accent-soft", ...STATES.map((state) => `${state}-soft`)]],
  ["quiet", [...GROUNDS, "bad-soft", "waiting-soft"]],
  ["accent", [...GROUNDS, "accent-soft", "bad-soft", "waiting-soft"]],
  ["accent-ink", ["accent"]],
  ...STATES.map((state) => [state, ["paper", "card", "sunken", `${state}-soft`]] as const),
];
const SHAPES: readonly (readonly [shape: string, grounds: readonly string[]])[] = [
  ["edge", ["paper", "card"]],
  ...["c1", "c2", "c3", "c4", "c5", "c6", "past"].map((name) => [name, ["paper", "card"]] as const),
];

test.each([
  ["light", light],
  ["dark", dark],
])("in %s, text and what one works with keep the contrast of WCAG AA", (_, body) => {
  const colours = coloursOf(body);
  const colour = (name: string): string => {
    const found = colours.get(name);
    if (found === undefined) throw new Error(`no colour is called ${name}`);
    return found;
  };
  const tooPale = (pairs: typeof TEXT, least: number): string[] =>
    pairs.flatMap(([name, grounds]) =>
      grounds.flatMap((ground) => {
        const contrast = contrastOf(colour(name), colour(ground));
        return contrast < least ? [`${name} on ${ground}: ${contrast.toFixed(2)}`] : [];
      }),
    );
  expect(tooPale(TEXT, 4.5)).toEqual([]);
  expect(tooPale(SHAPES, 3)).toEqual([]);
});
