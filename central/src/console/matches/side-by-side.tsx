/** @jsxImportSource hono/jsx */
// Two customers beside each other, and what differs: told by a sign and a word, whatever colours there are.
import { stampToMs } from "@regulars/shared/clock";
import { CLAIM_FIELDS } from "@regulars/shared/events/claim";
import type { Child } from "hono/jsx";
import type { CustomerView } from "../customers/customer.ts";
import { type Granted, shownWords } from "../customers/shown.ts";
import { formatCount, formatMoney, formatTime } from "../format.ts";
import { Time } from "../layout.tsx";
import { fieldWords, keyWords, nameOf, valueWords } from "../words.ts";

type Mark = "same" | "differs" | "one" | "none";

interface Row {
  readonly head: string;
  readonly cells: readonly [Child, Child];
  readonly mark: Mark;
}

const MARKS: Readonly<Record<Mark, readonly [string, string]>> = {
  same: ["=", "the same"],
  differs: ["≠", "differs"],
  one: ["◦", "one side only"],
  none: ["", ""],
};

export function SideBySide(props: {
  views: readonly [CustomerView, CustomerView];
  zones: readonly (string | null)[];
  granted: Granted;
}) {
  const { views, zones, granted } = props;
  const rows = [...fieldRows(views, granted), ...otherRows(views, zones)];
  return (
    <table class="twins">
      <thead>
        <tr>
          <td />
          {views.map(({ customer, golden }) => (
            <th scope="col">
              <a href={`/customers/${customer}`}>{nameOf(golden.fields) ?? "Without a name"}</a>
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ head, cells, mark }) => {
          const [sign, words] = MARKS[mark];
          return (
            <tr class={mark}>
              <th scope="row">{head}</th>
              <td>{cells[0]}</td>
              <td>{cells[1]}</td>
              <td class="mark">
                {mark === "none" ? null : (
                  <>
                    <span aria-hidden="true">{sign}</span> {words}
                  </>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Compared as they are, also where less of them is shown. */
function fieldRows([one, two]: readonly [CustomerView, CustomerView], granted: Granted): Row[] {
  return CLAIM_FIELDS.flatMap((name): Row[] => {
    const [a, b] = [one.golden.fields[name], two.golden.fields[name]];
    if (!a && !b) return [];
    const others = (field: typeof a): Child => {
      if (!field) return <span class="quiet">–</span>;
      const count = field.losers.length;
      return (
        <>
          {shownWords(name, field.value, granted)}
          {count === 0 ? null : <span class="quiet"> and {formatCount(count)} other</span>}
        </>
      );
    };
    const mark = a && b ? (valueWords(a.value) === valueWords(b.value) ? "same" : "differs") : "one"; // prettier-ignore
    return [{ head: fieldWords(name), cells: [others(a), others(b)], mark }];
  });
}

function otherRows(
  views: readonly [CustomerView, CustomerView],
  zones: readonly (string | null)[],
): Row[] {
  const row = (head: string, of: (view: CustomerView, at: number) => Child): Row => ({
    head,
    cells: [of(views[0], 0), of(views[1], 1)],
    mark: "none",
  });
  return [
    row("Purchases", ({ activity: { totals } }) =>
      formatCount(Object.values(totals).reduce((sum, { sales }) => sum + sales, 0)),
    ),
    row(
      "Net sales",
      ({ activity: { totals } }) =>
        Object.entries(totals)
          .map(([currency, { minor }]) => formatMoney(minor, currency))
          .join(" + ") || "–",
    ),
    row("Latest event", ({ activity: { asOf } }, at) =>
      asOf === null ? (
        "–"
      ) : (
        <Time ms={stampToMs(asOf)}>{formatTime(stampToMs(asOf), zones[at] ?? null)}</Time>
      ),
    ),
    row("Seen at", ({ records }) => {
      const places = [...new Set(records.map(({ store, source }) => store ?? source))];
      const more = places.length - 3;
      return `${places.slice(0, 3).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    }),
    row("Known by", ({ golden }) =>
      [...new Set(golden.keys.map((key) => keyWords(key)))].join(", "),
    ),
    row(
      "Consents",
      ({ golden }) =>
        Object.entries(golden.consents)
          .map(([name, { state }]) => `${name.replace("/", " by ")}: ${state}`)
          .join(", ") || "–",
    ),
    row("Source records", ({ records }) => formatCount(records.length)),
  ];
}
