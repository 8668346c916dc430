/** Deliberate bugs of the centre. */
import type { Mutation } from "./mutation.ts";

export const CENTRE_MUTATIONS: readonly Mutation[] = [
  {
    name: "an edge that lost its disk is not told again what is golden",
    file: "central/src/intake/take-events.ts",
    find: "if (repeated.length > 0) statements.push(remindStatement(repeated));",
    replace: "",
    fromSeed: 123,
  },
  {
    name: "an edge that lost its disk is not told again who is who",
    file: "central/src/intake/take-fragments.ts",
    find: "    ...moves.map((each) => publishStatement(each)),",
    replace: "",
    fromSeed: 173,
  },
  {
    name: "a decision is forgotten before the edge has applied it",
    file: "central/src/publish/publisher.ts",
    find: "  const { applied } = await edge.publish({ ...THIS_VERSION, decisions }, closing);",
    replace: `  await forgetPublications(storage, waiting.at(-1)!.n);
  const { applied } = await edge.publish({ ...THIS_VERSION, decisions }, closing);`,
  },
  {
    name: "a newer decision keeps the number of the one that it replaces",
    file: "central/src/publish/outbox.ts",
    find: 'sql: "insert or replace into publication (target, payload) values (?, ?)",',
    replace:
      'sql: "insert into publication (target, payload) values (?, ?) on conflict (target) do update set payload = excluded.payload",',
    fromSeed: 86,
  },
  {
    name: "somebody is called after the browser that they had before",
    file: "central/src/resolve/naming.ts",
    find: "const first = records.find(({ key }) => !isDeviceKey(key)) ?? records[0];",
    replace: "const [first] = records;",
    fromSeed: 27,
  },
  {
    name: "what was done on a browser of two belongs to the first of them",
    file: "central/src/matching/device-evidence.ts",
    find: "({ isKnown }) => isKnown)),\n  ];",
    replace: "({ isKnown }) => isKnown)),\n  ].slice(0, 1);",
    fromSeed: 173,
  },
  {
    name: "an older fragment replaces a newer one",
    file: "central/src/resolve/arrivals.ts",
    find: "const changed = arrived.filter(({ id, clock }) => clock > (stored.get(id)?.clock ?? 0));",
    replace: "const changed = arrived.filter(({ id, clock }) => clock !== stored.get(id)?.clock);",
    fromSeed: 725,
  },
  {
    name: "events are golden before their fragments are there",
    file: "central/src/golden/mark.ts",
    find: "and (r.seq is null or r.seq < e.seq)",
    replace: "and e.seq < 0",
  },
];
