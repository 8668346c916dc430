/** What somebody said or did, as an event: no money, no decision. */
import type { Draft } from "@regulars/shared/capture/draft";
import type { ConnectCapture } from "@regulars/shared/connect/captures";
import { consentDraft, type Envelope } from "./identity-drafts.ts";

export type SaidCapture = Extract<
  ConnectCapture,
  { kind: "consent" | "note" | "behaviour" | "cart" | "loyalty" }
>;

export function saidDraft(capture: SaidCapture, envelope: Envelope): Draft {
  switch (capture.kind) {
    case "consent":
      return consentDraft(capture, envelope);
    case "note": {
      const { text, staff } = capture;
      const body = { text, ...(staff === undefined ? {} : { staff }) };
      return { ...envelope, kind: "note", body };
    }
    case "behaviour": {
      const { type, name, page, items, properties } = capture;
      return {
        ...envelope,
        kind: "behaviour",
        body: given({ type, name, page, items, properties }),
      };
    }
    case "cart": {
      const { cart, change, items, currency, totalMinor } = capture;
      return {
        ...envelope,
        kind: "cart",
        body: given({ cart, change, items, currency, totalMinor }),
      };
    }
    case "loyalty": {
      const { program, balancePoints, lifetimePoints } = capture;
      return {
        ...envelope,
        kind: "loyalty",
        body: given({ program, balancePoints, lifetimePoints }),
      };
    }
  }
}

type Given<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<
    Fields[Name],
    undefined
  >;
};

/** Without the fields that were not said. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields, but for those that are undefined
  return Object.fromEntries(said) as Given<Fields>;
}
