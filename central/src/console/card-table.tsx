/** @jsxImportSource hono/jsx */
// A section with one table, whose rows become cards on a phone.
import type { PropsWithChildren } from "hono/jsx";

/** The heads of figures stand over their right edge. */
type Column = string | { readonly figures: string };

export function CardTable(
  props: PropsWithChildren<{ id: string; title: string; columns: readonly Column[] }>,
) {
  return (
    <section aria-labelledby={props.id}>
      <h2 id={props.id}>{props.title}</h2>
      <table class="cards">
        <thead>
          <tr>
            {props.columns.map((column) =>
              typeof column === "string" ? (
                <th scope="col">{column}</th>
              ) : (
                <th scope="col" class="number">
                  {column.figures}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </section>
  );
}
