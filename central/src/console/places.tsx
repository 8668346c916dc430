/** @jsxImportSource hono/jsx */
// Where one can go in the console, in the order of a morning's work.
import type { ConsoleAction } from "@regulars/shared/access/actions";
import type { PageContext } from "./environment.ts";

interface Place {
  readonly path: string;
  readonly name: string;
  readonly action: ConsoleAction;
  /** Strokes in a square of 16. */
  readonly icon: string;
}

const GROUPS: readonly { readonly name: string; readonly places: readonly Place[] }[] = [
  {
    name: "Stores",
    places: [
      {
        path: "/",
        name: "Today",
        action: "days.read",
        icon: "M2 6.5 3 2.5h10l1 4M2 6.5a2 2 0 0 0 4 0 2 2 0 0 0 4 0 2 2 0 0 0 4 0M3 9v4.5h10V9M6.5 13.5V11h3v2.5",
      },
      {
        path: "/exceptions",
        name: "Exceptions",
        action: "exceptions.read",
        icon: "M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.5v.1",
      },
      {
        path: "/settlement",
        name: "Settlement",
        action: "settlement.read",
        icon: "M1.5 4.5a1 1 0 0 1 1-1h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1zM1.5 6.5h13M4 10h3",
      },
    ],
  },
  {
    name: "Customers",
    places: [
      {
        path: "/customers",
        name: "Customers",
        action: "customers.find",
        icon: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.5 14c.4-2.6 2.6-4 5.5-4s5.1 1.4 5.5 4",
      },
      {
        path: "/matches",
        name: "Matches",
        action: "matches.read",
        icon: "M6 12.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10 12.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z",
      },
    ],
  },
  {
    name: "Data",
    places: [
      {
        path: "/intake",
        name: "Intake",
        action: "intake.read",
        icon: "M2 9.5 4 3h8l2 6.5V13H2zM2 9.5h3.5c.3 1.2 1.2 1.8 2.5 1.8s2.2-.6 2.5-1.8H14",
      },
      {
        path: "/sources",
        name: "Sources",
        action: "sources.read",
        icon: "M2 3h12v7.5H2zM8 10.5v3M5 13.5h6M5 7.5l2-2 1.5 1.5L11 5",
      },
      {
        path: "/quality",
        name: "Quality",
        action: "quality.read",
        icon: "M2 13.5h12M4 11V8M7 11V4.5M10 11V7M13 11V2.5",
      },
      {
        path: "/policy",
        name: "Policy",
        action: "policy.read",
        icon: "M2 4.5h6M11 4.5h3M2 11.5h3M8 11.5h6M9.5 3v3M6.5 10v3",
      },
    ],
  },
  {
    name: "House",
    places: [
      {
        path: "/alerts",
        name: "Alerts",
        action: "days.read",
        icon: "M4 7a4 4 0 0 1 8 0c0 3 1.5 4 1.5 4h-11S4 10 4 7zM6.5 13.5h3",
      },
      {
        path: "/audit",
        name: "Audit",
        action: "audit.read",
        icon: "M4 2h8v12H4zM6.5 5h3M6.5 8h3M6.5 11h2",
      },
      {
        path: "/people",
        name: "People",
        action: "people.manage",
        icon: "M6 8a2.3 2.3 0 1 0 0-4.6A2.3 2.3 0 0 0 6 8zM1.5 13.5c.3-2.4 2-3.5 4.5-3.5s4.2 1.1 4.5 3.5M10.5 3.6a2.2 2.2 0 0 1 0 4.2M12 10.3c1.5.5 2.3 1.6 2.5 3.2",
      },
    ],
  },
];

const isAt = (path: string, place: string): boolean =>
  place === "/"
    ? path === "/" || path.startsWith("/stores")
    : path === place || path.startsWith(`${place}/`);

/** Only what the person may open. */
export function Places({ page }: { page: PageContext }) {
  return GROUPS.map(({ name, places }) => {
    const open = places.filter(({ action }) => page.may(action));
    if (open.length === 0) return null;
    const id = `places-${name.toLowerCase()}`;
    return (
      <>
        <h2 id={id}>{name}</h2>
        <ul aria-labelledby={id}>
          {open.map((place) => (
            <li>
              <a href={place.path} aria-current={isAt(page.path, place.path) ? "page" : undefined}>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                  <path d={place.icon} />
                </svg>
                {place.name}
              </a>
            </li>
          ))}
        </ul>
      </>
    );
  });
}
