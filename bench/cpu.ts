/** Processor time of processes beside this one, where the system tells (Linux): how much of it an update costs, whatever else runs here. */
import { readdirSync, readFileSync } from "node:fs";

/** Ticks of the kernel; it tells user space a hundred of them a second. */
const TICK_MS = 10;

/** Of one process so far (ms); 0 where it cannot be known. */
export const cpuOfProcess = (pid: number | undefined): number => statOf(`${pid}`)?.cpuMs ?? 0;

/** Of each process group so far (ms); empty where it cannot be known. */
export function cpuOfGroups(groups: readonly number[]): Map<number, number> {
  const spent = new Map<number, number>();
  for (const pid of processes()) {
    const stat = statOf(pid);
    if (!stat || !groups.includes(stat.group)) continue;
    spent.set(stat.group, (spent.get(stat.group) ?? 0) + stat.cpuMs);
  }
  return spent;
}

function processes(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // another system
  }
}

function statOf(pid: string): { readonly group: number; readonly cpuMs: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Its name comes second, in brackets, and may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [user, system] = [Number(fields[11]), Number(fields[12])];
    return { group: Number(fields[2]), cpuMs: (user + system) * TICK_MS };
  } catch {
    return null; // ended meanwhile
  }
}

interface Metered {
  cpuMs(): Readonly<Record<string, number>>;
}

/** From now on; says what each of so many took, of each part and of this process. */
export function meterCpu(house: Metered): (count: number) => string {
  const before = house.cpuMs();
  const own = process.cpuUsage();
  return (count) => {
    const { user, system } = process.cpuUsage(own);
    const spent = Object.entries(house.cpuMs()).map(([kind, ms]): [string, number] => [
      kind,
      ms - (before[kind] ?? 0),
    ]);
    const all = [...spent, ["generator", (user + system) / 1_000] as const];
    return `CPU ms each: ${all.map(([kind, ms]) => `${kind} ${(ms / count).toFixed(2)}`).join(", ")}`;
  };
}
