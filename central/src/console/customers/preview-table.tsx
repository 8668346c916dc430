/** @jsxImportSource hono/jsx */
// Customers as they are beside customers as they would be: for a merge, and for taking one back.
import { CLAIM_FIELDS, type ClaimField } from "@regulars/shared/events/claim";
import { kindOfKey } from "@regulars/shared/identity/key";
import type { Child } from "hono/jsx";
import type { Preview, PreviewSide } from "../../steward/preview.ts";
import { formatCount, formatCountOf, formatMoney } from "../format.ts";
import { reasonWords } from "../matches/words.ts";
import { fieldWords, keyWords, nameOf, ruleWords, valueWords } from "../words.ts";
import { type Granted, shownWords } from "./shown.ts";

interface Row {
  readonly head: string;
  readonly cells: readonly Child[];
  /** Some column after says otherwise than one before. */
  readonly isOther: boolean;
}

export function PreviewTable({ preview, granted }: { preview: Preview; granted: Granted }) {
  const { before, after, refused, others } = preview;
  const sides = [...before, ...after];
  const rows = rowsOf(sides, before.length, granted);
  return (
    <>
      {refused.length === 0 ? null : (
        <div class="alert" role="status">
          {after.length > 1 && before.length > 1 ? "They would stay apart. " : ""}
          {refused.map((reason) => reasonWords(reason)).join(". ")}.
        </div>
      )}
      <div class="scrolls">
        <table class="preview">
          <thead>
            <tr>
              <td />
              <th scope="colgroup" colspan={before.length}>
                Now
              </th>
              <th scope="colgroup" colspan={after.length} class="after">
                Then
              </th>
            </tr>
            <tr>
              <td />
              {sides.map((side, at) => (
                <th scope="col" class={at >= before.length ? "after" : undefined}>
                  {nameOf(side.golden.fields) ?? "Without a name"}
                  <span class="id">{side.customer.slice(0, 8)}…</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ head, cells, isOther }) => (
              <tr class={isOther ? "other" : undefined}>
                <th scope="row">
                  {head}
                  {isOther ? <span class="mark">changes</span> : null}
                </th>
                {cells.map((cell, at) => (
                  <td class={at >= before.length ? "after" : undefined}>{cell ?? "–"}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {others.length === 0 ? null : (
        <p class="quiet">
          {formatCountOf(others.length, "other customer")} would change as well:{" "}
          {others.slice(0, 5).map((id) => (
            <>
              <a href={`/customers/${id}`} class="id">
                {id}
              </a>{" "}
            </>
          ))}
        </p>
      )}
    </>
  );
}

const said = (text: string | null): boolean => text !== null && text !== "0";

function rowsOf(sides: readonly PreviewSide[], count: number, granted: Granted): Row[] {
  const row = (
    head: string,
    textOf: (side: PreviewSide) => string | null,
    more?: (side: PreviewSide) => Child,
  ): Row[] => {
    // prettier-ignore
    const texts = sides.map((side) => textOf(side));
    if (texts.every((text) => text === null)) return [];
    const isOther = texts.slice(count).some((text) => texts.slice(0, count).some((was) => said(was) && was !== text)); // prettier-ignore
    const cells = sides.map((side, at): Child => (more ? more(side) : texts[at]) ?? null);
    return [{ head, cells, isOther }];
  };
  return [
    ...CLAIM_FIELDS.flatMap((field) =>
      row(
        fieldWords(field),
        (side) => fieldText(side, field),
        (side) => <FieldCell side={side} field={field} granted={granted} />,
      ),
    ),
    ...row("Purchases", ({ activity }) => formatCount(sumOf(activity, "sales"))),
    ...row("Returns", ({ activity }) => formatCount(sumOf(activity, "returns"))),
    ...currenciesOf(sides).flatMap((currency) =>
      row(`Net sales, ${currency}`, ({ activity }) =>
        formatMoney(activity.totals[currency]?.minor ?? 0, currency),
      ),
    ),
    ...consentNamesOf(sides).flatMap((name) =>
      row(name.replace("/", " by "), ({ golden }) => golden.consents[name]?.state ?? null),
    ),
    ...row("Loyalty cards", ({ golden }) => formatCount(keysOf(golden.keys, "loyalty"))),
    ...row("Points", ({ activity }) => pointsOf(activity)),
    ...row("Known by", ({ golden }) => [...new Set(golden.keys.map((key) => keyWords(key)))].join(", ") || null), // prettier-ignore
    ...row("Notes", ({ activity }) => formatCount(activity.notes.length)),
    ...row("Orders, carts", ({ activity }) => formatCount(activity.orders.length + activity.carts.length)), // prettier-ignore
    ...row("Source records", ({ records }) => formatCount(records.length)),
  ];
}

/** Whole, also where the page shows less: two that look alike under their mask may differ. */
function fieldText({ golden }: PreviewSide, name: ClaimField): string | null {
  const field = golden.fields[name];
  return field ? valueWords(field.value) : null;
}

function FieldCell(props: { side: PreviewSide; field: ClaimField; granted: Granted }) {
  const field = props.side.golden.fields[props.field];
  if (!field) return <>–</>;
  return (
    <>
      {shownWords(props.field, field.value, props.granted)}
      <span class="quiet">{ruleWords(field)}</span>
    </>
  );
}

type Activity = PreviewSide["activity"];

const sumOf = ({ totals }: Activity, of: "sales" | "returns"): number =>
  Object.values(totals).reduce((sum, each) => sum + each[of], 0);

const currenciesOf = (sides: readonly PreviewSide[]): string[] =>
  [...new Set(sides.flatMap(({ activity }) => Object.keys(activity.totals)))].toSorted();

const consentNamesOf = (sides: readonly PreviewSide[]): string[] =>
  [...new Set(sides.flatMap(({ golden }) => Object.keys(golden.consents)))].toSorted();

const keysOf = (keys: readonly string[], kind: string): number =>
  keys.filter((key) => kindOfKey(key) === kind).length;

function pointsOf({ loyalty }: Activity): string | null {
  const programs = Object.entries(loyalty);
  if (programs.length === 0) return null;
  return programs
    .map(([program, { balancePoints }]) => `${program}: ${formatCount(balancePoints)}`)
    .join(", ");
}
