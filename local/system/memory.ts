/** Highest resident memory of each kind of process. */
import { basename } from "node:path";
import { listProcesses } from "./processes.ts";

export interface MemoryMeter {
  sample(): void;
  /** In MiB, by kind; the largest process of a kind counts. */
  peaksMb(): Record<string, number>;
}

export function createMemoryMeter(
  groups: () => readonly { readonly kind: string; readonly group: number }[],
): MemoryMeter {
  const peakKb = new Map<string, number>();
  const note = (kind: string, kb: number): void => {
    peakKb.set(kind, Math.max(kb, peakKb.get(kind) ?? 0));
  };
  return {
    sample() {
      const kindByGroup = new Map(groups().map(({ group, kind }) => [group, kind]));
      for (const { pid, group, command, memoryKb } of listProcesses()) {
        const kind = kindByGroup.get(group);
        if (kind === undefined) continue;
        // What a part starts itself goes by its own name, such as workerd.
        note(pid === group ? kind : basename(command.split(" ")[0] ?? ""), memoryKb);
      }
      note("replay", process.resourceUsage().maxRSS);
    },
    peaksMb: () => {
      const peaks = [...peakKb].map(([kind, kb]) => [kind, Math.round(kb / 1024)] as const);
      return Object.fromEntries(peaks);
    },
  };
}
