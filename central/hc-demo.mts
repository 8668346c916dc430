import { serve } from "@hono/node-server";
import { base, en, en_GB, Faker } from "@faker-js/faker";
import { openTestApp, IDENTITY, PERSON } from "./src/testing/app.ts";
import { createTill, eventsOf, fragmentsOf, START_MS } from "./src/testing/till.ts";
import { identityKeysOf } from "@regulars/shared/identity/key";
const faker = new Faker({ locale: [en_GB, en, base] });
faker.seed(11);
const central = await openTestApp();
const stores = ["leeds-01", "leeds-02", "york-01", "hull-03"];
const tills = stores.flatMap((store) => [1, 2].map((n) => createTill(`${store}-t${n}`, { store })));
const web = createTill("web-uk-shop", { store: "web-uk" });
let last: any = null;
let atMs = START_MS - 20 * 86400000;
const slip = (s: string) => {
  const at = 1 + faker.number.int(Math.max(1, s.length - 2));
  return s.slice(0, at) + s.slice(at + 1);
};
const out: any[] = [];
const people = Number(process.argv[2] ?? 500);
for (let n = 0; n < people; n++) {
  const family = last && faker.number.float() < 0.35 ? last : null;
  const g = faker.person.firstName(),
    f = family?.f ?? faker.person.lastName();
  const p = {
    g,
    f,
    b: faker.date.birthdate({ min: 18, max: 85, mode: "age" }).toISOString().slice(0, 10),
    email: `${g}.${f}${faker.number.int(99)}@${faker.internet.domainName()}`
      .toLowerCase()
      .replace(/[^a-z0-9@.]/g, ""),
    phone:
      family && faker.number.float() < 0.6 ? family.phone : `+4477009${faker.string.numeric(5)}`,
    card: faker.string.numeric(10),
    address: family?.address ?? {
      line1: faker.location.streetAddress(),
      city: faker.location.city(),
      postalCode: faker.location.zipCode(),
      country: "GB",
    },
  };
  last = p;
  const visits = 1 + faker.number.int(4);
  for (let v = 0; v < visits; v++) {
    atMs += 700_000;
    const till = v === 2 ? web : faker.helpers.arrayElement(tills);
    const typo = v > 0 && faker.number.float() < 0.35;
    const claims: any = {
      givenName: typo ? slip(p.g) : v === 1 && faker.number.float() < 0.3 ? p.g.slice(0, 1) : p.g,
      familyName: faker.number.float() < 0.1 ? slip(p.f) : p.f,
    };
    const ids: any = {};
    if (v === 0 || faker.number.float() < 0.3) ids.loyaltyNumber = p.card;
    if (v === 1 || v === 2 || faker.number.float() < 0.3)
      ids.email =
        v === 3
          ? `${p.g}@${faker.internet.domainName()}`.toLowerCase().replace(/[^a-z0-9@.]/g, "")
          : p.email;
    if (faker.number.float() < 0.5) ids.phone = p.phone;
    if (!ids.loyaltyNumber && !ids.email && !ids.phone) ids.email = p.email;
    Object.assign(claims, ids);
    if (faker.number.float() < 0.6) claims.birthDate = p.b;
    if (faker.number.float() < 0.5) claims.address = p.address;
    const { keys } = identityKeysOf(ids, IDENTITY);
    till.claim(claims, keys, atMs);
    if (faker.number.float() < 0.5)
      till.capture({
        kind: "consent",
        subject: keys,
        atMs: atMs + 1000,
        body: {
          purpose: "marketing",
          channel: "email",
          state: faker.number.float() < 0.7 ? "granted" : "withdrawn",
        },
      } as any);
    if (faker.number.float() < 0.2)
      till.capture({
        kind: "note",
        subject: keys,
        atMs: atMs + 1500,
        body: { text: "Prefers to be called by phone" },
      } as any);
    for (let s = 0; s < faker.number.int(5); s++)
      till.sale(500 + faker.number.int(20000), keys, atMs + 2000 + (s * 86400000) / 3);
  }
}
for (const till of [...tills, web]) {
  const items = till.captured.map(({ item }) => item);
  for (let a = 0; a < items.length; a += 200) {
    const r = await central.post(
      "/v1/intake/events",
      eventsOf(till.store, items.slice(a, a + 200)),
    );
    if (r.status !== 200) console.log(r.status, await r.text());
  }
  const newest = new Map(
    till.captured.filter((x) => x.fragment).map((x) => [x.fragment!.key, x.fragment!]),
  );
  const all = [...newest.values()];
  for (let a = 0; a < all.length; a += 50)
    await central.post("/v1/intake/fragments", fragmentsOf(all.slice(a, a + 50)));
}
console.log(
  central.errors.slice(0, 2),
  await (await central.get("/v1/potential-matches?limit=3", PERSON)).text(),
);
const port = 4999;
serve(
  {
    fetch: (req: Request) => {
      const h = new Headers(req.headers);
      h.set("authorization", PERSON.authorization);
      return central.app.fetch(new Request(req, { headers: h }));
    },
    port,
  },
  () => console.log("ready", port),
);
setInterval(() => {
  for (const e of central.errors.splice(0)) console.log(e);
}, 500);
