/** How the labelled public addresses are read: a lower bound on what was reached, so that no later rule takes it away. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { addressWords, joined, numberForm } from "./address-text.ts";
import { countryCodeOf } from "./places.ts";
import { type AddressParts, readAddress } from "./read-address.ts";

const casesUrl = new URL(
  "../../../../shared/data/normalisation/libpostal_parse_cases.jsonl",
  import.meta.url,
);
const caseSchema = z.object({
  group: z.string(),
  input: z.string(),
  components: z.array(z.tuple([z.string(), z.string()])),
});
type Case = z.infer<typeof caseSchema>;

/** The countries that the rules are made for; their group's name tells the country. */
const MAIN = ["us", "gb", "ca", "au", "de", "at", "fr", "nl", "es", "it"];

/** A label's words in the form that the reader gives them. */
const FORMS: Readonly<
  Record<string, { part: keyof AddressParts; form: (text: string) => string | null }>
> = {
  house_number: { part: "number", form: (text) => numberForm(addressWords(text).join(" ")) },
  // One road read alone is in the form of all: street for st, north for n.
  road: {
    part: "road",
    form: (text) => partOf(readAddress({ line1: text, city: "x" }, { country: null }), "road"),
  },
  unit: {
    part: "unit",
    form: (text) =>
      (joined(addressWords(text)) ?? "").replace(/^(?:apt|ste|unit|flat|suite)?\s*(?:no)?\s*/, ""),
  },
  postcode: {
    part: "postcode",
    form: (text) => addressWords(text.replace(/^(\d{5})-\d{4}$/, "$1")).join(""),
  },
  city: { part: "city", form: (text) => joined(addressWords(text)) },
  city_district: { part: "city", form: (text) => joined(addressWords(text)) },
  country: { part: "country", form: (text) => countryCodeOf(text) },
};

const partOf = (read: ReturnType<typeof readAddress>, part: keyof AddressParts) =>
  read.quality === "rejected" ? null : read.value[part];

/** [right, all] by part. */
function score(cases: readonly Case[], isTold: boolean) {
  const scores: Record<string, [number, number]> = {};
  for (const { group, input, components } of cases) {
    const code = group.slice("test_".length, -"_parses".length);
    const country = isTold && MAIN.includes(code) ? code.toUpperCase() : null;
    const read = readAddress(input, { country });
    const hasCity = components.some(([label]) => label === "city");
    for (const [label, text] of components) {
      const expected = FORMS[label];
      // A district stands for the city where no other is named: Brooklyn, NY.
      if (expected === undefined || (label === "city_district" && hasCity)) continue;
      const of = (scores[expected.part] ??= [0, 0]);
      of[1] += 1;
      const found = partOf(read, expected.part);
      if (found !== null && found === expected.form(text)) of[0] += 1;
    }
  }
  return scores;
}

const shareOf = (scores: ReturnType<typeof score>) => {
  const all = Object.values(scores);
  return all.reduce((sum, [right]) => sum + right, 0) / all.reduce((sum, [, of]) => sum + of, 0);
};

test.skipIf(!existsSync(casesUrl))(
  "labelled public addresses (skipped where the data is absent)",
  () => {
    const lines = readFileSync(casesUrl, "utf8").trim().split("\n");
    const cases = lines.map((line) => caseSchema.parse(JSON.parse(line)));
    const main = cases.filter(({ group }) => MAIN.some((code) => group === `test_${code}_parses`));
    const others = cases.filter((each) => !main.includes(each));
    const results = {
      main: score(main, true),
      mainWithoutCountry: score(main, false),
      others: score(others, false),
    };
    for (const [name, scores] of Object.entries(results)) {
      const parts = Object.entries(scores).map(([part, [right, of]]) => `${part} ${right}/${of}`);
      console.log(`${name}: ${(shareOf(scores) * 100).toFixed(1)} %, ${parts.join(", ")}`);
    }
    expect(shareOf(results.main)).toBeGreaterThan(0.97);
    expect(shareOf(results.mainWithoutCountry)).toBeGreaterThan(0.96);
    expect(shareOf(results.others)).toBeGreaterThan(0.5);
  },
);
