/** @jsxImportSource hono/jsx */
// What the pages of alerts have in common.
import type { PropsWithChildren } from "hono/jsx";
import type { PageContext } from "../environment.ts";
import { formatTime } from "../format.ts";
import { Layout, Time } from "../layout.tsx";
import { Tabs } from "../parts.tsx";

const PLACES = [
  { href: "/alerts", name: "Alerts" },
  { href: "/alerts/differences", name: "Edge and centre" },
  { href: "/alerts/rules", name: "Rules" },
  { href: "/alerts/ways", name: "Who is told" },
] as const;

export function AlertsLayout({
  page,
  title,
  subtitle,
  children,
}: PropsWithChildren<{ page: PageContext; title: string; subtitle: string }>) {
  return (
    <Layout title={title} page={page}>
      <h1>{title}</h1>
      <p class="subtitle">{subtitle}</p>
      <Tabs
        label="Alerts"
        tabs={PLACES.map((place) => ({ ...place, isHere: page.path === place.href }))}
      />
      {children}
    </Layout>
  );
}

/** In the zone of the rules: alerts are of the whole house. */
export function When({ ms, zone, nowMs }: { ms: number; zone: string; nowMs: number }) {
  return (
    <span class="whole">
      <Time ms={ms}>{formatTime(ms, zone, nowMs)}</Time>
    </span>
  );
}

export const isoOf = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString();
