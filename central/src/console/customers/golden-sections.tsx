/** @jsxImportSource hono/jsx */
import { CLAIM_FIELDS, type ClaimField } from "@regulars/shared/events/claim";
import { consentTimeOf } from "@regulars/shared/fragment/contribution";
import type { Golden } from "../../golden/golden.ts";
import { formatCount } from "../format.ts";
import { fieldWords, ruleWords } from "../words.ts";
import { ClaimActions, type FieldDesk, PinActions } from "./field-forms.tsx";
import { eventOfConsent, type Places } from "./lineage.ts";
import { Origin } from "./origin.tsx";
import { type Granted, shownWords } from "./shown.ts";

type Field = NonNullable<Golden["fields"][ClaimField]>;

interface FieldsProps {
  readonly golden: Golden;
  readonly places: Places;
  readonly granted: Granted;
  /** Null for who may not decide. */
  readonly desk: FieldDesk | null;
}

export function FieldsSection({ golden, places, granted, desk }: FieldsProps) {
  const fields = CLAIM_FIELDS.flatMap((name) => {
    const field = golden.fields[name];
    return field ? [{ name, field }] : [];
  });
  return (
    <section aria-labelledby="golden">
      <h2 id="golden">Golden record</h2>
      {fields.length === 0 ? (
        <p class="empty">Nobody has said anything about this customer yet.</p>
      ) : (
        <table class="cards fields">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
              <th scope="col">Rule</th>
              <th scope="col">Other values</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ name, field }) => (
              <FieldRow name={name} field={field} places={places} granted={granted} desk={desk} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function FieldRow(props: Omit<FieldsProps, "golden"> & { name: ClaimField; field: Field }) {
  const { name, field, places, granted, desk } = props;
  const { ignored = [], values = [], pinned } = field;
  const isAlone = field.losers.length + ignored.length === 0;
  return (
    <tr>
      <th scope="row">{fieldWords(name)}</th>
      <td class="value">
        {shownWords(name, field.value, granted)}
        {values.length > 1 ? (
          <span class="quiet"> and {formatCount(values.length - 1)} more</span>
        ) : null}
        {desk === null ? null : pinned ? (
          <PinActions desk={desk} name={name} />
        ) : (
          <ClaimActions desk={desk} name={name} claim={field} isWinner />
        )}
      </td>
      <td data-label="From">
        <Origin claim={field} places={places} />
      </td>
      <td data-label="Rule" class="rule quiet">
        {ruleWords(field)}
      </td>
      <td class={isAlone ? "losers none" : "losers"} data-label="Other values">
        {isAlone ? (
          <span class="quiet">none</span>
        ) : (
          <ul>
            {field.losers.map((loser) => (
              <li>
                {shownWords(name, loser.value, granted)}
                <Origin claim={loser} places={places} />
                {desk === null ? null : <ClaimActions desk={desk} name={name} claim={loser} />}
              </li>
            ))}
            {ignored.map((claim) => (
              <li>
                <s>{shownWords(name, claim.value, granted)}</s>
                <span class="quiet"> does not count, by {claim.by}</span>
                <Origin claim={claim} places={places} />
                {desk === null ? null : (
                  <a class="do" href={`/matches/decisions/${claim.override}`}>
                    Let it count again…
                  </a>
                )}
              </li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  );
}

export function ConsentsSection({ golden, places }: { golden: Golden; places: Places }) {
  const consents = Object.entries(golden.consents);
  if (consents.length === 0) return null;
  return (
    <section aria-labelledby="consents">
      <h2 id="consents">Consents</h2>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Purpose and channel</th>
            <th scope="col">State</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {consents.map(([name, consent]) => (
            <tr>
              <th scope="row">{name.replace("/", " by ")}</th>
              <td data-label="State">
                <span class={consent.state === "granted" ? "dot good" : "dot bad"}>
                  {consent.state}
                </span>
              </td>
              <td data-label="From">
                <Origin
                  claim={{
                    event: eventOfConsent(consent),
                    stamp: consent.stamp,
                    at: consentTimeOf(consent),
                  }}
                  places={places}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
