/** The processes of this machine: to find what a killed run has left, and how much memory each part takes. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface RunningProcess {
  readonly pid: number;
  readonly group: number;
  readonly command: string;
  /** Highest so far where the system knows it (Linux), else at this moment. */
  readonly memoryKb: number;
}

export function listProcesses(): RunningProcess[] {
  return existsSync("/proc/self/stat") ? listFromProc() : listFromPs();
}

function listFromProc(): RunningProcess[] {
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      if (command === "") return []; // a kernel thread, or dead and not yet waited for
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // The program's name stands in brackets and may hold spaces: state, parent and group follow the last one.
      const [, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      const memoryKb = Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0);
      return [{ pid, group: Number(group), command, memoryKb }];
    } catch {
      return []; // ended while it was read
    }
  });
}

function listFromPs(): RunningProcess[] {
  const table = execFileSync("ps", ["-axo", "pid=,pgid=,rss=,args="], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [, pid, group, memoryKb, command = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined) return [];
    return [{ pid: Number(pid), group: Number(group), memoryKb: Number(memoryKb), command }];
  });
}
