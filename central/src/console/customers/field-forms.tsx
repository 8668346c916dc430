/** @jsxImportSource hono/jsx */
// What a steward may decide about one value. Forms name the claim, never its value: that is read again where it is decided.
import type { ClaimField } from "@regulars/shared/events/claim";
import type { PageContext } from "../environment.ts";
import { CsrfField } from "../layout.tsx";
import { fieldWords } from "../words.ts";

export interface FieldDesk {
  readonly page: PageContext;
  readonly customer: string;
  /** Of the golden record that the page shows: a decision by an older one is refused. */
  readonly version: number;
  /** Ids of the pins that stand, by field. */
  readonly pins: ReadonlyMap<string, string>;
  /** One for each form: what is sent twice is decided once. */
  newId(): string;
}

interface Claim {
  readonly event: string;
  readonly fragment: string;
}

export function ClaimActions(props: {
  desk: FieldDesk;
  name: ClaimField;
  claim: Claim;
  isWinner?: boolean;
}) {
  const { desk, name, claim, isWinner = false } = props;
  return (
    <details class="acts">
      <summary>Decide…</summary>
      <div>
        <Decide desk={desk} name={name} claim={claim} kind="pin">
          {isWinner ? "Keep this value, whatever comes" : "This value stands"}
        </Decide>
        <Decide desk={desk} name={name} claim={claim} kind="ignore">
          It does not count
        </Decide>
        {isWinner && name !== "address" ? (
          <Decide desk={desk} name={name} claim={claim} kind="pin" isTyped>
            Write it as typed
          </Decide>
        ) : null}
      </div>
    </details>
  );
}

/** A pin is taken back like any decision. */
export function PinActions({ desk, name }: { desk: FieldDesk; name: ClaimField }) {
  const id = desk.pins.get(name);
  if (id === undefined) return null;
  return (
    <a class="do" href={`/matches/decisions/${id}`}>
      Take back the pin…
    </a>
  );
}

function Decide(props: {
  desk: FieldDesk;
  name: ClaimField;
  claim: Claim;
  kind: "pin" | "ignore";
  isTyped?: boolean;
  children: string;
}) {
  const { desk, name, claim, kind, isTyped = false, children } = props;
  return (
    <form method="post" action={`/customers/${desk.customer}/field`}>
      <CsrfField page={desk.page} />
      <input type="hidden" name="decision" value={desk.newId()} />
      <input type="hidden" name="version" value={desk.version} />
      <input type="hidden" name="kind" value={kind} />
      <input type="hidden" name="field" value={name} />
      <input type="hidden" name="record" value={claim.fragment} />
      <input type="hidden" name="event" value={claim.event} />
      {isTyped ? (
        <input
          type="text"
          name="value"
          required
          maxlength={200}
          autocomplete="off"
          aria-label={`Another value for ${fieldWords(name)}`}
          placeholder="Another value"
        />
      ) : null}
      <button type="submit" class="plain">
        {children}
      </button>
    </form>
  );
}
