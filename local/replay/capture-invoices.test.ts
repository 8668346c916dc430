import { describe, expect, test } from "vitest";
import { BrokenInput, type Invoice, NO_DIRT } from "../formats/invoice.ts";
import type { CaptureAnswer, CaptureRequest } from "../system/agent-client.ts";
import { Refused, Unavailable } from "../system/request.ts";
import type { Agent } from "../system/system.ts";
import { captureInvoices, NOTHING_SENT, type Sent } from "./capture-invoices.ts";
import type { Outage } from "./outages.ts";
import type { TallyEntry } from "./tally.ts";

const count = 300;
const sources = ["till-1", "till-2", "till-3"];

function invoiceOf(number: number): Invoice {
  return {
    capture: {
      kind: "sale",
      idempotencyKey: String(number),
      externalId: String(number),
      lines: [],
    },
    currency: "GBP",
    totalMinor: number,
    position: number / count,
    dirt: NO_DIRT,
  };
}

async function* invoicesTo(last: number, failure?: Error): AsyncGenerator<Invoice> {
  for (let number = 1; number <= last; number++) yield invoiceOf(number);
  if (failure) throw failure;
}

type Capture = (input: CaptureRequest, source: string) => Promise<void>;

/** Agents that number what they capture; `before` may fail or take its time. */
function createTills(before: Capture = () => Promise.resolve()) {
  const captured = new Map(sources.map((source) => [source, [] as string[]]));
  const confirmed: TallyEntry[] = [];
  const wires: string[] = [];
  const agents = sources.map((source): Agent => {
    let isCut = false;
    return {
      source,
      store: "store-1",
      port: 0,
      uplinkPort: 0,
      url: "",
      uplink: {
        port: 0,
        isCut: () => isCut,
        cut: async () => {
          isCut = true;
          wires.push(`${source} cut`);
        },
        restore: async () => {
          isCut = false;
          wires.push(`${source} restored`);
        },
      },
      client: {
        async capture(input): Promise<CaptureAnswer> {
          await before(input, source);
          const seq = captured.get(source)!.push(String(input.idempotencyKey));
          const receipt = `${source}-${seq}`;
          return { epoch: 1, seq, receipt, hash: "", flags: [], repeated: false };
        },
        status: () => Promise.reject(new Error("not asked")),
        journal: () => Promise.reject(new Error("not asked")),
        shift: () => Promise.reject(new Error("not asked")),
        zReport: () => Promise.reject(new Error("not asked")),
        day: () => Promise.reject(new Error("not asked")),
      },
    };
  });
  const tally = {
    add: async (entry: TallyEntry) => void confirmed.push(entry),
    close: () => Promise.resolve(),
    read: () => {
      throw new Error("not asked");
    },
  };
  return { agents, captured, confirmed, wires, tally };
}

interface Trial {
  readonly invoices?: AsyncIterable<Invoice>;
  readonly limit?: number;
  readonly outages?: readonly Outage[];
}

async function capture(tills: ReturnType<typeof createTills>, trial: Trial = {}): Promise<Sent> {
  let sent = NOTHING_SENT;
  await captureInvoices({
    invoices: trial.invoices ?? invoicesTo(count),
    agents: tills.agents,
    tallies: new Map(sources.map((source) => [source, tills.tally])),
    outages: trial.outages ?? [],
    limit: trial.limit ?? Infinity,
    perSecond: undefined,
    signal: new AbortController().signal,
    onSent: (now) => {
      sent = now;
    },
  });
  return sent;
}

describe("invoices to agents", () => {
  test("each goes to one agent, in the file's order, and to the same one in another run", async () => {
    const [first, second] = [createTills(), createTills()];
    const sent = await capture(first);
    await capture(second);
    expect(sent.invoices).toBe(count);
    expect(sent.moneyMinor).toEqual({ GBP: (count * (count + 1)) / 2 });
    expect(second.captured).toEqual(first.captured);
    for (const keys of first.captured.values()) {
      expect(keys.length).toBeGreaterThan(count / 6);
      expect(keys).toEqual(keys.toSorted((a, b) => Number(a) - Number(b)));
    }
    expect(first.confirmed).toHaveLength(count);
  });

  test("an agent that does not answer holds the file up after a few, and loses none", async () => {
    const gate = Promise.withResolvers<void>();
    const tills = createTills((_input, source) =>
      source === "till-2" ? gate.promise : Promise.resolve(),
    );
    let read = 0;
    async function* counted(): AsyncGenerator<Invoice> {
      for await (const invoice of invoicesTo(count)) {
        read++;
        // The file is never read far ahead of what is confirmed.
        expect(read - tills.confirmed.length).toBeLessThan(60);
        if (read - tills.confirmed.length > 16) gate.resolve();
        yield invoice;
      }
    }
    await capture(tills, { invoices: counted() });
    expect(tills.confirmed).toHaveLength(count);
  });

  test("CAP6 a capture whose answer was lost is sent again under the same key", async () => {
    const failed = new Set<unknown>();
    const tills = createTills(async ({ idempotencyKey }) => {
      if (idempotencyKey !== "7" || failed.has("7")) return;
      failed.add("7");
      throw new Unavailable("killed");
    });
    await capture(tills);
    expect([...tills.captured.values()].flat().filter((key) => key === "7")).toHaveLength(1);
  });

  test("a capture that is refused ends the run with the reason", async () => {
    const tills = createTills(async ({ idempotencyKey }) => {
      if (idempotencyKey === "7") throw new Refused("lines is required");
    });
    await expect(capture(tills)).rejects.toThrow(/refused a capture: lines is required\.$/);
  });

  test("a limit ends it", async () => {
    const tills = createTills();
    expect((await capture(tills, { limit: 10 })).invoices).toBe(10);
    expect(tills.confirmed).toHaveLength(10);
  });

  test("input that breaks off is thrown after everything before it is captured", async () => {
    const tills = createTills();
    const invoices = invoicesTo(50, new BrokenInput("line 51: half-written"));
    await expect(capture(tills, { invoices })).rejects.toThrow("line 51: half-written");
    expect(tills.confirmed).toHaveLength(50);
  });

  test("wires are cut and restored where the plan says, also when only part of the file is taken", async () => {
    const outages = [{ source: "till-2", from: 0.2, to: 0.6 }];
    const whole = createTills();
    await capture(whole, { outages });
    expect(whole.wires).toEqual(["till-2 cut", "till-2 restored"]);
    const part = createTills();
    await capture(part, { outages, limit: 10 });
    expect(part.wires).toEqual(["till-2 cut", "till-2 restored"]);
  });
});
