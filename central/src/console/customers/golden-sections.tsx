/** @jsxImportSource hono/jsx */
import { consentTimeOf } from "@regulars/shared/fragment/contribution";
import { formatCount } from "../format.ts";
import type { Golden } from "../../golden/golden.ts";
import { eventOfConsent, type Places } from "./lineage.ts";
import { Origin } from "./origin.tsx";
import { fieldWords, ruleWords, valueWords } from "../words.ts";

type Field = NonNullable<Golden["fields"][keyof Golden["fields"]]>;

export function FieldsSection({ golden, places }: { golden: Golden; places: Places }) {
  const fields = Object.entries(golden.fields);
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
            {fields.map(([name, field]) => (
              <FieldRow name={name} field={field} places={places} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function FieldRow({ name, field, places }: { name: string; field: Field; places: Places }) {
  const { ignored = [], values = [] } = field;
  const isAlone = field.losers.length + ignored.length === 0;
  return (
    <tr>
      <th scope="row">{fieldWords(name)}</th>
      <td class="value">
        {valueWords(field.value)}
        {values.length > 1 ? (
          <span class="quiet"> and {formatCount(values.length - 1)} more</span>
        ) : null}
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
                {valueWords(loser.value)}
                <Origin claim={loser} places={places} />
              </li>
            ))}
            {ignored.map((claim) => (
              <li>
                <s>{valueWords(claim.value)}</s>
                <span class="quiet"> does not count, by {claim.by}</span>
                <Origin claim={claim} places={places} />
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
