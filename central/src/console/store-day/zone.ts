/** How far a store's clock is ahead of UTC. */
export function zoneOffsetMs(zone: string | null, atMs: number): number {
  try {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone ?? "UTC",
      timeZoneName: "longOffset",
    });
    const name =
      format.formatToParts(atMs).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign = "+", hours = "0", minutes = "0"] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  } catch {
    return 0; // RangeError: the till named a zone that is none
  }
}
