/** @jsxImportSource hono/jsx */
import type { CustomerId } from "@regulars/shared/ids";
import type { Context } from "hono";
import { readMeanwhile } from "../../steward/seen.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { meanwhileWords } from "../matches/words.ts";
import { TooLatePage } from "../too-late-page.tsx";
import type { DeskDeps } from "./deps.ts";

/** Somebody or something has changed these customers since the page was drawn: told, and nothing written. */
export async function tooLate(
  c: Context<ConsoleEnv>,
  { storage, nowMs }: Pick<DeskDeps, "storage" | "nowMs">,
  customers: readonly CustomerId[],
  way: { readonly href: string; readonly words: string },
) {
  const words = meanwhileWords(await readMeanwhile(storage, customers), null, nowMs());
  return c.html(
    <TooLatePage page={pageOf(c)} words={words} href={way.href}>
      {way.words}
    </TooLatePage>,
    409,
  );
}
