/** The values of a dry run's examples, read when somebody looks: what that person may not see stays hidden, and nothing is kept. */
import type { ClaimField } from "@regulars/shared/events/claim";
import type { Storage } from "@regulars/shared/storage/port";
import { policySchema } from "@regulars/shared/survivorship/policy";
import { grantOf, type Person } from "../../access/person.ts";
import { deriveCustomers } from "../../golden/derive.ts";
import type { PolicyTry } from "../../policy/tries.ts";
import { survivorshipTallySchema } from "../../policy/try-runner.ts";
import { valueWords } from "../words.ts";
import { groupOfField, type ValuesOf } from "./try-page.tsx";

const HIDDEN = "•••";

export async function readSampleValues(
  storage: Storage,
  tried: PolicyTry,
  person: Person,
): Promise<ValuesOf> {
  const seen = grantOf(person, "customers.read") ?? new Set();
  const tally = survivorshipTallySchema.safeParse(tried.tally).data;
  const policy = policySchema.safeParse(tried.policy).data;
  if (tried.kind !== "survivorship" || !tally || !policy) return () => ({ before: "", after: "" });
  const ids = [...new Set(tally.samples.map(({ customer }) => customer))];
  const derived = new Map(
    (await deriveCustomers(storage, ids, policy)).map((each) => [each.customer, each]),
  );
  return (customer, field: ClaimField) => {
    if (!seen.has(groupOfField(field))) return { before: HIDDEN, after: HIDDEN };
    const each = derived.get(customer);
    const [was, is] = [each?.golden?.fields[field]?.value, each?.state.golden.fields[field]?.value];
    return {
      before: was === undefined ? "no value" : valueWords(was),
      after: is === undefined ? "no value" : valueWords(is),
    };
  };
}
