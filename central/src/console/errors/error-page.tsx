/** @jsxImportSource hono/jsx */
import type { Problem } from "@regulars/shared/problem";
import type { PageContext } from "../environment.ts";
import { Layout, LayoutAlone } from "../layout.tsx";
import { wordsOf } from "./words.ts";

export interface ErrorPageProps {
  readonly problem: Problem;
  /** Where to go from here. */
  readonly back: { readonly href: string; readonly words: string };
}

export function ErrorPage({ page, ...props }: ErrorPageProps & { page: PageContext | null }) {
  const { title } = wordsOf(props.problem.reason, props.problem.title);
  const content = (
    <div class="refused-page">
      <p class="refused-status">{props.problem.status}</p>
      <h1>{title}</h1>
      <What {...props} />
    </div>
  );
  return page ? (
    <Layout page={page} title={title}>
      {content}
    </Layout>
  ) : (
    <LayoutAlone title={title}>{content}</LayoutAlone>
  );
}

/** The same for the place in a page that htmx puts it into. */
export function ErrorPart(props: ErrorPageProps) {
  return (
    <div class="refused-part notice bad">
      <p>
        <strong>{wordsOf(props.problem.reason, props.problem.title).title}</strong>
      </p>
      <What {...props} />
    </div>
  );
}

function What({ problem, back }: ErrorPageProps) {
  const { detail, errors = [] } = problem;
  return (
    <>
      {detail === undefined ? null : <p>{detail}</p>}
      {errors.length === 0 ? null : (
        <ul class="refused-fields">
          {errors.map(({ field, reason }) => (
            <li>
              <strong>{field}</strong> {reason}
            </li>
          ))}
        </ul>
      )}
      <p class="quiet">{wordsOf(problem.reason, problem.title).advice}</p>
      <p class="actions">
        <a class="button" href={back.href}>
          {back.words}
        </a>
      </p>
    </>
  );
}
