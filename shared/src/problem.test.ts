import { describe, expect, test } from "vitest";
import { z } from "zod";
import { changedEverywhere, samplesOf } from "../../test/samples.ts";
import { eventSchema } from "./events/event.ts";
import { contributionSchema } from "./fragment/contribution.ts";
import { PROBLEMS, problemOf, problemSchema, zodErrorToProblem } from "./problem.ts";
import { LIMITS } from "./limits.ts";
import * as intake from "./protocol/intake.ts";
import * as item from "./protocol/item.ts";
import * as lookup from "./protocol/lookup.ts";
import * as marks from "./protocol/marks.ts";
import * as publish from "./protocol/publish.ts";
import * as pull from "./protocol/pull.ts";
import * as push from "./protocol/push.ts";
import { policySchema } from "./survivorship/policy.ts";
import { profileSchema } from "./survivorship/profile.ts";

const modules = { ...intake, ...item, ...lookup, ...marks, ...publish, ...pull, ...push };
const schemas: [string, z.ZodType][] = [
  ...Object.entries(modules).flatMap(([name, value]): [string, z.ZodType][] =>
    value instanceof z.ZodType ? [[name, value]] : [],
  ),
  ["eventSchema", eventSchema],
  ["contributionSchema", contributionSchema],
  ["profileSchema", profileSchema],
  ["policySchema", policySchema],
  ["problemSchema", problemSchema],
];

const SECRETS = ["zoe.secret@example.com", "+44 7911 123456", "07911123456", "Zoë Secret"];

/**
 * The secret as value, as too long a value, in a list, as the name of a field and beside the others. To read a million letters
 * at each place takes longer than all the rest, so one of the secrets is longer than any limit, and the others than that of a field.
 */
function withSecret(secret: string): (inner: unknown) => unknown[] {
  const tooLong = secret.repeat(secret === SECRETS[0] ? 50_000 : LIMITS.fieldChars);
  return (inner) => {
    const changed: unknown[] = [secret, tooLong, [secret], { [secret]: secret }];
    changed.push({ [secret]: { stamp: secret } }, { kind: secret });
    const isRecord = inner !== null && typeof inner === "object" && !Array.isArray(inner);
    if (isRecord) changed.push({ ...inner, [secret]: secret }, { ...inner, [secret]: 7 });
    return changed;
  };
}

describe("SEC2: no error text repeats what was sent", () => {
  test.each(schemas)("%s", (_name, schema) => {
    const samples = samplesOf(schema);
    expect(samples.length).toBeGreaterThan(0);
    let refused = 0;
    const repeated: string[] = [];
    for (const secret of SECRETS) {
      for (const broken of samples.flatMap((sample) =>
        changedEverywhere(sample, withSecret(secret)),
      )) {
        const parsed = schema.safeParse(broken);
        if (parsed.success) continue;
        refused++;
        const said = JSON.stringify(zodErrorToProblem(parsed.error));
        if (said.includes(secret)) repeated.push(said);
      }
    }
    expect(repeated).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  });
});

const reasonsOf = (schema: z.ZodType, value: unknown) => {
  const parsed = schema.safeParse(value);
  return (
    parsed.error &&
    zodErrorToProblem(parsed.error).errors?.map(({ field, reason }) => `${field} ${reason}`)
  );
};

const one = (field: z.ZodType) => z.object({ field });

describe("a problem names field and reason", () => {
  const keyed = z.record(z.string().max(1), z.int());
  test.each<[string, z.ZodType, unknown]>([
    ["field is required", one(z.string()), {}],
    ["field must be string", one(z.string()), { field: 7 }],
    ["field must be string", one(z.string()), { field: null }],
    ["field must be int", one(z.int()), { field: 1.5 }],
    ["field must be at least 1", one(z.int().min(1)), { field: 0 }],
    ["field must be at most 3 characters", one(z.string().max(3)), { field: "long" }],
    ["field must be at most 1 items", one(z.array(z.int()).max(1)), { field: [1, 2] }],
    ["field must be one of a, b", one(z.enum(["a", "b"])), { field: "c" }],
    ["field is not a valid date", one(z.iso.date()), { field: "today" }],
    ["field is not x", one(z.string().regex(/x/, "is not x")), { field: "y" }],
    ["field is not a valid regex", one(z.string().regex(/x/)), { field: "y" }],
    ["field fits none of the allowed forms", one(z.union([z.int(), z.null()])), { field: "y" }],
    ["field.1.field is required", one(z.array(one(z.int()))), { field: [{ field: 1 }, {}] }],
    ["field has a key that cannot be used", one(keyed), { field: { ab: 1 } }],
    [
      "field.(key) must be number",
      one(z.record(z.string(), z.number())),
      { field: { "a b": "c" } },
    ],
    ["(body) has fields that are not known", z.strictObject({}), { field: 1 }],
    ["(body) must be object", z.object({}), "text"],
    ["(body) needs one of email, phone, loyaltyNumber", lookup.lookupSchema, { store: "s" }],
  ])("%s", (expected, schema, value) => {
    expect(reasonsOf(schema, value)).toEqual([expected]);
  });

  test("and no more than twenty of them", () => {
    const errors = reasonsOf(z.array(z.int()), Array(1000).fill("x"));
    expect(errors).toHaveLength(20);
  });
});

test.each(Object.keys(PROBLEMS) as (keyof typeof PROBLEMS)[])(
  "%s is a problem by RFC 9457",
  (reason) => {
    const problem = problemOf(reason, { detail: "more" });
    expect(problemSchema.parse(problem)).toEqual(problem);
    expect(problem.status).toBeGreaterThanOrEqual(400);
    expect(problem.type).toBe(`urn:regulars:problem:${reason}`);
  },
);
