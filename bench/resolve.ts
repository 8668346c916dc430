/**
 * How fast the centre resolves what arrives when it holds many source records already.
 *
 * node bench/resolve.ts [--records 100000] [--probes 2000] [--batch 20]
 *
 * Fills a libSQL file through the production function with people who come more than once, with other keys and with errors,
 * then measures: new records one by one (latency), new records in batches, and sales of known customers, which change
 * nothing that resolution goes by. Prints one JSON line and fails when a limit of the issue is not kept.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { base, en, en_GB, Faker } from "@faker-js/faker";
import { openDatabase } from "../central/src/db/open.ts";
import type { ArrivedRecord } from "../central/src/intake/source-record.ts";
import { takeFragments } from "../central/src/intake/take-fragments.ts";
import { DEFAULT_MODEL } from "../central/src/matching/model.ts";
import { DEFAULT_MATCHING_POLICY } from "../central/src/matching/policy.ts";
import { prepareResolution } from "../central/src/resolve/anew.ts";
import { createMatchingContext } from "../central/src/resolve/matching-context.ts";
import { stampOf } from "../shared/src/clock.ts";
import { NOTHING_SINCE_4 } from "../shared/src/fragment/contribution.ts";
import { identityKeysOf } from "../shared/src/identity/key.ts";
import { customerIdOf, fragmentIdOf, writerOf } from "../shared/src/ids.ts";
import { rowsOf } from "../shared/src/storage/port.ts";
import { DEFAULT_POLICY } from "../shared/src/survivorship/policy.ts";

const LIMITS_OF_ISSUE = { recordsPerSecond: 300, p99Ms: 50 };
const IDENTITY = { pepper: "pepper of the bench", country: "GB" };
const START_MS = Date.UTC(2026, 0, 5, 9);
const TILLS = 40;
const FILL_BATCH = 200;

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "100000" },
    probes: { type: "string", default: "2000" },
    batch: { type: "string", default: "20" },
  },
});
const records = Number(values.records);
const probes = Number(values.probes);
const batch = Number(values.batch);

const faker = new Faker({ locale: [en_GB, en, base] });
faker.seed(7);
const chance = (share: number): boolean => faker.number.float() < share;

interface Person {
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string;
  readonly email: string;
  readonly phone: string;
  readonly loyaltyNumber: string;
  readonly address: { line1: string; city: string; postalCode: string; country: string };
}

const people: Person[] = [];

function newPerson(): Person {
  const givenName = faker.person.firstName();
  const sharesHome = people.length > 0 && chance(0.4);
  const home = sharesHome ? people.at(-1) : undefined;
  const familyName = home?.familyName ?? faker.person.lastName();
  const person = {
    givenName,
    familyName,
    birthDate: faker.date.birthdate({ min: 18, max: 90, mode: "age" }).toISOString().slice(0, 10),
    email: `${givenName}.${familyName}${faker.number.int(999)}@${faker.internet.domainName()}`
      .toLowerCase()
      .replaceAll(/[^a-z0-9@.]/g, ""),
    phone: `+4477009${faker.string.numeric(5)}`,
    loyaltyNumber: faker.string.numeric(10),
    address: home?.address ?? {
      line1: faker.location.streetAddress(),
      city: faker.location.city(),
      postalCode: faker.location.zipCode(),
      country: "GB",
    },
  };
  people.push(person);
  return person;
}

const mistyped = (text: string): string => {
  const at = faker.number.int({ min: 1, max: Math.max(1, text.length - 1) });
  return text.slice(0, at) + text.slice(at + 1);
};

let count = 0;

/** One visit: by a person who is new or known, who says some of what is known, sometimes with an error. */
function visit(): ArrivedRecord {
  const known = people.length > 0 && chance(0.4);
  const person = known ? faker.helpers.arrayElement(people) : newPerson();
  count += 1;
  const source = `till-${count % TILLS}`;
  // Each visit is a fragment of its own: the most that resolution can have to do.
  const epoch = count;
  const stamp = stampOf({ ms: START_MS + count * 1_000, counter: 0 }, writerOf(source, epoch));
  const said = {
    ...(chance(0.9)
      ? { givenName: chance(0.05) ? mistyped(person.givenName) : person.givenName }
      : {}),
    ...(chance(0.9)
      ? { familyName: chance(0.05) ? mistyped(person.familyName) : person.familyName }
      : {}),
    ...(chance(0.5) ? { birthDate: person.birthDate } : {}),
    ...(chance(0.6) ? { email: person.email } : {}),
    ...(chance(0.5) ? { phone: person.phone } : {}),
    ...(chance(0.5) ? { address: person.address } : {}),
  };
  const identifiers = {
    ...("email" in said ? { email: said.email } : {}),
    ...("phone" in said ? { phone: said.phone } : {}),
    ...(chance(0.4) || !("email" in said || "phone" in said)
      ? { loyaltyNumber: person.loyaltyNumber }
      : {}),
  };
  const { keys } = identityKeysOf(identifiers, IDENTITY);
  const [key = ""] = keys;
  return {
    id: fragmentIdOf(source, epoch, key),
    clock: count,
    contribution: {
      source,
      epoch,
      key,
      seq: count,
      first: stamp,
      last: stamp,
      keys: Object.fromEntries(keys.map((each) => [each, stamp])),
      claims: Object.fromEntries(
        Object.entries(said).map(([field, value]) => [field, { value, stamp, seq: count }]),
      ),
      consents: {},
      totals: { GBP: { sales: 1, returns: 0, minor: 100 } },
      recent: {},
      notes: {},
      ...NOTHING_SINCE_4,
    },
    edgeCustomer: customerIdOf(key),
    sha256: "",
    state: new Uint8Array(400),
  };
}

const folder = mkdtempSync(join(tmpdir(), "regulars-resolve-"));
const storage = await openDatabase({ url: `file:${join(folder, "central.db")}` });
const matching = createMatchingContext({
  model: DEFAULT_MODEL,
  policy: DEFAULT_MATCHING_POLICY,
  identity: IDENTITY,
});
await prepareResolution(storage, matching);
const rules = { policy: DEFAULT_POLICY, matching };
const take = (arrived: readonly ArrivedRecord[]) =>
  takeFragments(storage, { records: arrived, refused: [] }, rules, Date.now());

async function timed(deliveries: readonly (readonly ArrivedRecord[])[]) {
  const ms: number[] = [];
  const started = performance.now();
  const before = process.cpuUsage();
  for (const delivery of deliveries) {
    const from = performance.now();
    await take(delivery);
    ms.push((performance.now() - from) / delivery.length);
  }
  const seconds = (performance.now() - started) / 1_000;
  const cpu = process.cpuUsage(before);
  const cpuMs = Math.round((cpu.user + cpu.system) / 10 / deliveries.flat().length) / 100;
  ms.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((ms[Math.min(ms.length - 1, Math.floor(ms.length * share))] ?? 0) * 100) / 100;
  const perSecond = Math.round(deliveries.flat().length / seconds);
  // The time of the processor as well: the machine may have other things to do.
  return { perSecond, cpuMs, p50: at(0.5), p99: at(0.99) };
}

const batches = (list: readonly ArrivedRecord[], size: number): ArrivedRecord[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );

const fillStarted = performance.now();
for (let filled = 0; filled < records; filled += FILL_BATCH) {
  await take(Array.from({ length: Math.min(FILL_BATCH, records - filled) }, () => visit()));
  if (filled > 0 && filled % 10_000 === 0) {
    const seconds = (performance.now() - fillStarted) / 1_000;
    console.error(`${filled} records, ${Math.round(filled / seconds)} per second`);
  }
}
const fillSeconds = (performance.now() - fillStarted) / 1_000;

const single = Array.from({ length: probes }, () => visit());
const newOneByOne = await timed(single.map((each) => [each]));
const newInBatches = await timed(batches(Array.from({ length: probes }, () => visit()), batch)); // prettier-ignore
const again = single.map((each, at) => ({
  ...each,
  clock: each.clock + records * 2,
  contribution: { ...each.contribution, seq: each.contribution.seq + at + 1 },
}));
const sales = await timed(batches(again, batch));
const [stored] = await rowsOf(
  storage,
  `select (select count(*) from source_record) as records, (select count(*) from unit) as units,
     (select count(*) from customer where redirect_to is null) as customers,
     (select count(*) from pair) as pairs, (select count(*) from unit_block) as filed,
     (select max(n) from (select count(*) as n from unit group by component)) as largest`,
);
storage.close();
rmSync(folder, { recursive: true });

const isKept =
  newInBatches.perSecond >= LIMITS_OF_ISSUE.recordsPerSecond &&
  newOneByOne.p99 <= LIMITS_OF_ISSUE.p99Ms;
console.log(
  JSON.stringify({
    bench: "resolve",
    ...stored,
    fillPerSecond: Math.round(records / fillSeconds),
    newOneByOne,
    newInBatches,
    sales,
    limits: LIMITS_OF_ISSUE,
    isKept,
  }),
);
process.exit(isKept ? 0 : 1);
