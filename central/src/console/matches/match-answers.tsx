/** @jsxImportSource hono/jsx */
// Answers with one pair: as a page, or as the part of it that takes the place of the pair before.
import { type CustomerId, customerIdSchema } from "@regulars/shared/ids";
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { parseRequest } from "../../problem-answer.ts";
import { decisionQuery, readEntries } from "../../steward/list.ts";
import { cursorOf } from "../../steward/potential-matches.ts";
import { readMeanwhile } from "../../steward/seen.ts";
import type { DeskDeps } from "../customers/deps.ts";
import { byOf } from "../customers/deps.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { TooLatePage } from "../too-late-page.tsx";
import { type Looks, pairOf } from "./looks.ts";
import { type LastDecision, MatchPage, NoMatchPage, PairPart } from "./match-page.tsx";
import { nextPair, readPair } from "./read-pair.ts";
import { meanwhileWords } from "./words.ts";

export type Pair = readonly [CustomerId, CustomerId];

export function pairParams(c: Context<ConsoleEnv>): Pair {
  const ids = [c.req.param("one"), c.req.param("two")].map((id) => parseRequest(customerIdSchema, id)); // prettier-ignore
  const [one = "", two = ""] = ids.toSorted();
  return [one, two];
}

interface NextOptions {
  readonly after: string | null;
  /** Id of what this person has decided last. */
  readonly last: string | null;
  readonly told?: Child;
  readonly status?: 200 | 409;
}

export type MatchAnswers = ReturnType<typeof createMatchAnswers>;

export function createMatchAnswers({ storage, intake, nowMs, newId }: DeskDeps, looks: Looks) {
  async function draw(
    c: Context<ConsoleEnv>,
    customers: Pair,
    { last, told, after, status = 200 }: Partial<NextOptions>,
  ) {
    const person = c.get("person");
    const view = await intake.alone(({ matching }) => readPair(storage, customers, matching));
    if (!view) return null;
    const other = looks.other(pairOf(customers), person, nowMs());
    looks.look(pairOf(customers), person, nowMs());
    return c.html(
      <MatchPage
        page={pageOf(c)}
        pair={view}
        granted={c.get("fields")}
        other={other}
        after={after ?? (view.match ? cursorOf(view.match) : "")}
        decision={newId()}
        last={await readLast(c, last ?? null)}
        told={told}
      />,
      status,
    );
  }

  /** Null where it is somebody else's, or was taken back. */
  async function readLast(c: Context<ConsoleEnv>, id: string | null): Promise<LastDecision | null> {
    if (id === null) return null;
    const [decision] = await readEntries(storage, decisionQuery(id));
    if (!decision || decision.undoneMs !== null) return null;
    if (decision.by !== byOf(c.get("person"))) return null;
    const what = decision.kind === "same" ? "one person" : "different people";
    return { id, words: `The last pair: you called them ${what}.` };
  }

  async function next(c: Context<ConsoleEnv>, options: NextOptions) {
    const { after, last, told, status } = options;
    const person = c.get("person");
    const match = await nextPair(storage, after, looks, person, nowMs());
    const way = { last, ...(told === undefined ? {} : { told }), ...(status ? { status } : {}) };
    const drawn = match && (await draw(c, match.customers, way));
    if (drawn) return drawn;
    return c.html(<NoMatchPage page={pageOf(c)} last={await readLast(c, last)} />);
  }

  async function pair(c: Context<ConsoleEnv>, customers: Pair, told?: Child, status?: 200 | 409) {
    const way = { ...(told === undefined ? {} : { told }), ...(status ? { status } : {}) };
    return (await draw(c, customers, way)) ?? late(c, customers);
  }

  const meanwhile = async (customers: Pair): Promise<string> =>
    meanwhileWords(await readMeanwhile(storage, customers), null, nowMs());

  async function late(c: Context<ConsoleEnv>, customers: Pair) {
    return c.html(
      <TooLatePage page={pageOf(c)} words={await meanwhile(customers)} href="/matches">
        Go on with the next pair
      </TooLatePage>,
      409,
    );
  }

  /** Told over the pair as it is now, or over the next one where it is no pair any more. Nothing was written. */
  async function tooLate(c: Context<ConsoleEnv>, customers: Pair, after: string | null) {
    const told = (
      <p class="alert" role="alert">
        {await meanwhile(customers)} What you decided was not written.
      </p>
    );
    const isPair = await draw(c, customers, { told, status: 409 });
    return isPair ?? next(c, { after, last: null, told, status: 409 });
  }

  /** The pair that will come next, to be shown while the verdict on this one is on its way. Nobody is looking at it yet. */
  async function ahead(c: Context<ConsoleEnv>, after: string) {
    const match = await nextPair(storage, after, looks, c.get("person"), nowMs());
    const isOther = match !== null && cursorOf(match) !== after;
    const view =
      isOther &&
      (await intake.alone(({ matching }) => readPair(storage, match.customers, matching)));
    return view ? c.html(<PairPart pair={view} granted={c.get("fields")} />) : c.body(null, 204);
  }

  return { next, pair, tooLate, ahead };
}
