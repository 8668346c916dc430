/** @jsxImportSource hono/jsx */
// Why two source records are one customer, or are not: the picture, and every number of it in a table beside.
import { HIDDEN, maskEmail, maskPhone } from "@regulars/shared/access/mask";
import type { Comparison } from "../../matching/comparisons.ts";
import type { Features } from "../../matching/features.ts";
import type { PairExplanation } from "../../steward/explain.ts";
import { signed, WaterfallChart } from "../charts/waterfall.tsx";
import { comparisonWords, levelWords, reasonWords } from "../matches/words.ts";
import { keyWords } from "../words.ts";
import type { Granted } from "./shown.ts";

export function PairSection(props: { why: PairExplanation; granted: Granted; title?: string }) {
  const { why, granted, title = "Why" } = props;
  const { waterfall, thresholds, keys, isSameUnit } = why;
  if (isSameUnit) {
    return (
      <section aria-labelledby="why">
        <h2 id="why">{title}</h2>
        <p class="empty">
          The two records say the same under the same keys: nothing tells them apart.
        </p>
      </section>
    );
  }
  return (
    <section class="why" aria-labelledby="why">
      <h2 id="why">{title}</h2>
      <WaterfallChart waterfall={waterfall} thresholds={thresholds} />
      {keys.length === 0 ? null : (
        <p class="keys">
          Both are known by{" "}
          {keys.map(({ key, ties }, at) => (
            <>
              {at > 0 ? ", " : ""}
              the same {keyWords(key).toLowerCase()}
              {ties ? "" : " (which ties nobody: it is nobody's, or too many have it)"}
            </>
          ))}
          .
        </p>
      )}
      <details>
        <summary>In numbers</summary>
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Compared</th>
              <th scope="col">One says</th>
              <th scope="col">The other says</th>
              <th scope="col">That is</th>
              <th scope="col" class="number">
                Bits
              </th>
            </tr>
          </thead>
          <tbody>
            <Line
              head="Any two records"
              level="before anything is compared"
              bits={waterfall.prior}
            />
            {waterfall.fields.map(({ comparison, level, weight }) => (
              <Line
                head={comparisonWords(comparison)}
                level={levelWords(level)}
                bits={weight}
                values={why.values?.map((each) => featureWords(comparison, each, granted)) ?? []}
              />
            ))}
            <Line head="One household" level="could be two of it" bits={waterfall.household} />
            <Line
              head="Together"
              level={`model ${why.model}, policy ${why.policy}`}
              bits={waterfall.total}
            />
          </tbody>
        </table>
      </details>
    </section>
  );
}

function Line(props: { head: string; level: string; bits: number; values?: readonly string[] }) {
  const [one = "", two = ""] = props.values ?? [];
  return (
    <tr>
      <th scope="row">{props.head}</th>
      <td data-label="One says">{one}</td>
      <td data-label="The other says">{two}</td>
      <td class="quiet" data-label="That is">
        {props.level}
      </td>
      <td class="number" data-label="Bits">
        {signed(props.bits)}
      </td>
    </tr>
  );
}

type Shown = (features: Partial<Features>, granted: Granted) => string;

const contact =
  (of: (features: Partial<Features>) => string | undefined): Shown =>
  (features, granted) => {
    const value = of(features) ?? "";
    return value === "" || granted.has("contact") ? value : HIDDEN;
  };
const identity =
  (of: (features: Partial<Features>) => string | undefined): Shown =>
  (features, granted) =>
    granted.has("identity") ? (of(features) ?? "") : HIDDEN;
const birth =
  (of: (features: Partial<Features>) => string | undefined): Shown =>
  (features, granted) => {
    const value = of(features) ?? "";
    return value === "" || granted.has("birth") ? value : HIDDEN;
  };

/** As they were folded to be compared, and of contact data no more than the person may see (IDN5). */
const FEATURE_WORDS: Readonly<Record<Comparison, Shown>> = {
  given: identity(({ given }) => given?.[0]),
  middle: identity(({ given }) => given?.slice(1).join(" ")),
  family: identity(({ family }) => family?.join(" ")),
  suffix: identity(({ suffix }) => suffix),
  gender: identity(({ gender }) => gender),
  occupation: identity(({ occupation }) => occupation),
  birth: birth((features) => features.birth),
  birthPlace: birth(({ birthPlace }) => birthPlace),
  identifier: birth(({ identifier }) => identifier),
  email: ({ email = "" }, granted) =>
    email === "" || granted.has("contact") ? email : maskEmail(email),
  phone: ({ phone = "" }, granted) =>
    phone === "" || granted.has("contact") ? phone : maskPhone(phone),
  street: contact(({ number, road }) => [number, road].filter(Boolean).join(" ")),
  locality: contact(({ locality }) => locality),
  postcode: contact(({ postcode }) => postcode),
  city: ({ city = "" }) => city,
  region: ({ region = "" }) => region,
};

const featureWords = (comparison: Comparison, features: Partial<Features>, granted: Granted) =>
  FEATURE_WORDS[comparison](features, granted);

/** What protection has refused between two, and what stewards have said: sentences. */
export const refusalWords = ({ refusals }: Pick<PairExplanation, "refusals">): string[] => [
  ...new Set(refusals.map(({ reason }) => reasonWords(reason))),
];
