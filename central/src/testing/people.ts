/** A crowd of customers about whom two tills and the web shop disagree, and a storage that can be cut off. */
import type { IdentityKey } from "@regulars/shared/ids";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { ArrivedFragment } from "../intake/source-record.ts";
import { createTill, keyOf, START_MS } from "./till.ts";

export const keyOfPerson = (at: number): IdentityKey => keyOf("loyalty", String(1_000 + at));

/** The newest name is short, the oldest is checked, and every third person has told it once only. */
export function crowd(people: number): ArrivedFragment[] {
  const [web, one, two] = [createTill("web"), createTill("till-1"), createTill("till-2")];
  const fragments = Array.from({ length: people }, (_, at) => {
    const subject = [keyOfPerson(at)];
    const atMs = START_MS + at * 60_000;
    const body = { claims: { givenName: `Joanna ${at}`, language: "en" }, verified: true };
    const first = web.capture({ kind: "claim", subject, body, atMs });
    if (at % 3 === 0) return [first];
    const claims = { givenName: `Jo ${at}`, familyName: `Smith ${at}` };
    return [
      first,
      one.claim({ givenName: `Joanna-Maria ${at}` }, subject, atMs + 1_000),
      two.claim(claims, subject, atMs + 2_000),
    ];
  });
  return fragments.flat().flatMap(({ fragment }) => (fragment ? [fragment] : []));
}

export class CutOff extends Error {}

/** Ends at its nth write: before it has taken effect, or after, when only its answer is lost. */
export function cutAt(storage: Storage, nth: number, when: "before" | "after"): Storage {
  let writes = 0;
  let isCut = false;
  const alive = (): void => {
    if (isCut) throw new CutOff("the process is gone");
  };
  return {
    async read(queries) {
      alive();
      return storage.read(queries);
    },
    async write(statements: readonly Statement[]) {
      alive();
      writes += 1;
      isCut = writes === nth;
      if (isCut && when === "before") throw new CutOff("killed before the write");
      await storage.write(statements);
      if (isCut) throw new CutOff("killed after the write");
    },
  };
}
