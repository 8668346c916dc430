/** @jsxImportSource hono/jsx */
import type { PageContext } from "./environment.ts";
import { Layout } from "./layout.tsx";

/** Somebody else was quicker: what has happened, and where to go on. Nothing of this person's was written. */
export function TooLatePage(props: {
  page: PageContext;
  words: string;
  href: string;
  children: string;
}) {
  return (
    <Layout page={props.page} title="Changed meanwhile">
      <h1>This has changed meanwhile</h1>
      <p class="alert" role="alert">
        {props.words}
      </p>
      <p>What you decided was not written.</p>
      <p>
        <a class="button primary" href={props.href}>
          {props.children}
        </a>
      </p>
    </Layout>
  );
}
