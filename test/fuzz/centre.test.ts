/** Malformed deliveries at the border of the centre: each has a coded answer, and what is taken is what it says. */
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { base64ToBytes, bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import { chainHash } from "@regulars/shared/events/chain";
import { customerIdOf } from "@regulars/shared/ids";
import { problemSchema } from "@regulars/shared/problem";
import { numberOf, rowsOf, textOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { legibleRow } from "../../central/src/db/event-body.ts";
import { contributionText } from "../../central/src/db/packed-columns.ts";
import { bendBytes, bendStructure, everyFlip, isMarked, MARK } from "./bend.ts";
import { insist } from "./insist.ts";
import { createRandom } from "../simulate/random.ts";
import { readCustomer } from "../../central/src/console/customers/customer.ts";
import { EDGE, openTestApp, type TestApp } from "../../central/src/testing/app.ts";
import { emptyDatabase } from "../../central/src/testing/database.ts";
import { stateOf } from "../../central/src/testing/state.ts";
import { createTill, eventsOf, fragmentsOf, keyOf } from "../../central/src/testing/till.ts";

const SEED = "centre-1";
const REFUSALS = ["malformed_json", "damaged_body", "invalid_field", "unsupported_protocol"];

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(() => emptyDatabase(central.storage));

async function post(path: string, body: string | Uint8Array<ArrayBuffer>, digest: string | null) {
  const headers = { ...EDGE, ...(digest === null ? {} : { [CONTENT_DIGEST]: digest }) };
  const answer = await central.app.request(path, { method: "POST", headers, body });
  return { status: answer.status, text: await answer.text() };
}

/** The reason of a refusal, or null where the message was taken. */
function judge({ status, text }: { status: number; text: string }, how: string): string | null {
  insist(!isMarked(text), `${how} is repeated: ${text}`);
  if (status === 200) return null;
  const problem = problemSchema.parse(JSON.parse(text));
  insist(problem.status === status && REFUSALS.includes(problem.reason), `${how}: ${text}`);
  return problem.reason;
}

/** Whatever has come in, everything that shows it is served. */
async function expectPages(customers: readonly string[] = []): Promise<void> {
  const pages = customers.map((id) => `/customers/${id}`);
  for (const path of ["/", "/v1/status", "/v1/quarantine", "/metrics", ...pages]) {
    const isPage = !path.startsWith("/v1") && path !== "/metrics";
    const { status } = await (isPage ? central.page(path) : central.get(path, EDGE));
    expect([path, status]).toEqual([path, 200]);
  }
  expect((await central.post("/v1/quarantine/replay", {})).status).toBe(200);
  expect(central.errors).toEqual([]);
}

/** A till of its own for each case, with a customer of its own. */
function openCase(n: number) {
  const till = createTill(`case-${n}`);
  const key = keyOf("loyalty", `card-${n}`);
  const first = till.sale(100, [key]);
  const second = till.claim({ givenName: MARK }, [key]);
  const events = eventsOf("store-1", [first.item, second.item]);
  return { n, key, first, second, events };
}

test("SYN5: every bit of a delivery that is turned round on its way is noticed", async () => {
  const { first, events, second } = openCase(1);
  const messages = [
    ["/v1/intake/events", { ...events, events: [first.item] }],
    ["/v1/intake/fragments", fragmentsOf([second.fragment!])],
  ] as const;
  for (const [path, message] of messages) {
    const text = JSON.stringify(message);
    const digest = contentDigestOf(text);
    for (const bent of everyFlip(new TextEncoder().encode(text))) {
      insist(judge(await post(path, bent, digest), path) !== null, path);
    }
    expect(judge(await post(path, text, null), "without a digest")).toBe("damaged_body");
  }
  expect(await stateOf(central.storage)).toMatchObject({ events: [], records: [] });
  expect(await rowsOf(central.storage, "select 1 from intake_problem")).toEqual([]);
  expect(central.errors).toEqual([]);
});

test("SYN1 SYN6 SEC2: malformed events have a coded answer, and only whole rows in their place are journaled", async () => {
  const random = createRandom(SEED);
  for (let n = 1; n <= 800; n++) {
    const each = openCase(n);
    const text = JSON.stringify(each.events);
    const isBytes = random.chance(0.3);
    const bent = isBytes ? bendBytes(random, new TextEncoder().encode(text)) : null;
    const structure = isBytes ? null : bendStructure(random, text);
    const body = bent?.bytes ?? structure?.text ?? "";
    const how = `${SEED}, case ${n}: ${bent?.how ?? structure?.how}`;
    const sent = typeof body === "string" ? body : new TextDecoder().decode(body);
    const reason = judge(await post("/v1/intake/events", body, contentDigestOf(sent)), how);
    insist(!structure?.isHarmless || reason === null, how);
  }
  // The chain holds, and what it holds may be anything.
  for (let n = 1_001; n <= 1_300; n++) {
    const { first, second } = openCase(n);
    const { how, text: body } = bendStructure(random, second.item.body);
    const row = { ...second.item, body, hash: chainHash(second.item.prev, body) };
    const message = JSON.stringify(eventsOf("store-1", [first.item, row]));
    judge(await post("/v1/intake/events", message, contentDigestOf(message)), how);
  }
  await expectPages();
  const rows = await rowsOf(central.storage, "select * from event order by source, epoch, seq");
  for (const row of rows.map((each) => legibleRow(each))) {
    expect(chainHash(textOf(row, "prev"), textOf(row, "body"))).toBe(row["hash"]);
    expect(numberOf(row, "seq")).toBeLessThanOrEqual(2);
  }
  expect(rows.length).toBeGreaterThan(300);
});

test("SYN4 SYN5 SYN6 FRG2: malformed fragments have a coded answer, and change no golden record but by what they say", async () => {
  const random = createRandom(`${SEED}-fragments`);
  const bystander = openCase(0);
  const whole = JSON.stringify(fragmentsOf([bystander.second.fragment!]));
  judge(await post("/v1/intake/fragments", whole, contentDigestOf(whole)), "whole");
  const known = customerIdOf(bystander.key);
  const before = await readCustomer(central.storage, known);
  const stamp = "000000000001-0000-";
  for (let n = 1; n <= 500; n++) {
    const { second } = openCase(n);
    const fragment = { ...second.fragment!, clamps: { [`${stamp}${MARK}`]: `${stamp}x/1` } };
    let message: string;
    let how: string;
    if (random.chance(0.5)) {
      ({ how, text: message } = bendStructure(random, JSON.stringify(fragmentsOf([fragment]))));
    } else {
      const bent = bendBytes(random, base64ToBytes(fragment.state));
      const state = bytesToBase64(bent.bytes);
      const made = { ...fragment, state, sha256: sha256Hex(bent.bytes) };
      message = JSON.stringify(fragmentsOf([made]));
      how = bent.how;
    }
    judge(await post("/v1/intake/fragments", message, contentDigestOf(message)), how);
  }
  expect(await readCustomer(central.storage, known)).toEqual(before);
  const customers = await rowsOf(central.storage, "select id from customer");
  await expectPages(customers.map((row) => textOf(row, "id")));
  // Who is taken speaks for its own till and key.
  const records = await rowsOf(central.storage, "select id, contribution from source_record");
  for (const row of records) {
    const { source, epoch, key } = JSON.parse(contributionText(row)) as typeof NAMES;
    expect(row["id"]).toBe(`${source}/${epoch}/${key}`);
  }
});

const NAMES = { source: "", epoch: 1, key: "" };
