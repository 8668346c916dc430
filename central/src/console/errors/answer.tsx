/** @jsxImportSource hono/jsx */
// How pages say no: in words, as a page, or as a part for htmx. The JSON of /v1 is another matter.
import { type Problem, problemOf } from "@regulars/shared/problem";
import type { Context, ErrorHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Person } from "../../access/person.ts";
import { nextPathOf, signInPathOf } from "../../access/next-path.ts";
import { isStorageError, Refused } from "../../problem-answer.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { ErrorPage, ErrorPart, type ErrorPageProps } from "./error-page.tsx";

export function pageErrors(onError: (error: unknown) => void): ErrorHandler<ConsoleEnv> {
  return (error, c) => {
    if (error instanceof Refused) return answerPage(c, error.problem);
    if (error instanceof HTTPException) {
      return answerPage(c, problemOf(error.status === 413 ? "too_large" : "stale_form"));
    }
    onError(error);
    return answerPage(c, problemOf(isStorageError(error) ? "storage_unavailable" : "internal"));
  };
}

function answerPage(c: Context<ConsoleEnv>, problem: Problem): Response | Promise<Response> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zod's and ours are statuses with a body
  const status = problem.status as ContentfulStatusCode;
  const person: Person | undefined = c.get("person");
  const props = { problem, back: backOf(c, problem) };
  const page = person === undefined ? null : pageOf(c);
  if (page?.isPart !== true) return c.html(<ErrorPage page={page} {...props} />, status);
  // Not into the part that was asked for: what stands there is still true, and what was typed is not lost.
  return c.html(<ErrorPart {...props} />, status, {
    "hx-retarget": "#refused",
    "hx-reswap": "innerHTML show:top",
  });
}

/** To where it came from, if that is a page of ours. */
function backOf(c: Context, { reason }: Problem): ErrorPageProps["back"] {
  const from = pathOf(c.req.header("referer"), c.req.url);
  if (reason === "signed_out") return { href: signInPathOf(from), words: "Sign in" };
  const isSame = from === c.req.path;
  return from === "/" || (isSame && c.req.method === "GET")
    ? { href: "/", words: "Go to Today" }
    : { href: from, words: "Go back" };
}

function pathOf(referer: string | undefined, here: string): string {
  if (referer === undefined || !URL.canParse(referer)) return "/";
  const { host, pathname, search } = new URL(referer);
  return host === new URL(here).host ? nextPathOf(`${pathname}${search}`) : "/";
}
