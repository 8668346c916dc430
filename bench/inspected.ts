/**
 * The inspector of whatever a bench is about, for whoever looks where the time goes (profile.ts): on the port that
 * REGULARS_BENCH_INSPECTOR names, and nowhere where it names none.
 */
import { open } from "node:inspector";

const HOST = "127.0.0.1";

export const inspectorAddress = ({
  REGULARS_BENCH_INSPECTOR: port,
}: NodeJS.ProcessEnv): string | null => (port === undefined ? null : `${HOST}:${port}`);

/** Where a bench is about what runs in its own process. */
export function inspectHere({ REGULARS_BENCH_INSPECTOR: port }: NodeJS.ProcessEnv): void {
  if (port !== undefined) open(Number(port), HOST);
}
