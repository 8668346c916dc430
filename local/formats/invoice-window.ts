/**
 * Puts the lines of a file together to invoices. Lines of one invoice follow each other, nearly always: an invoice
 * stays open until many lines of others have passed. Whatever comes later still is a further part of it.
 */
export interface InvoicePart<Line> {
  readonly invoice: string;
  /** 1, or higher when the invoice had been closed before. */
  readonly part: number;
  readonly lines: readonly Line[];
  /** The input broke off while this invoice was being read: it may lack lines. */
  readonly isBroken: boolean;
}

export interface WindowLimits {
  /** Lines of other invoices that close an invoice. */
  readonly openLines: number;
  /** Lines that close a part, so that it fits an event. */
  readonly partLines: number;
  /** Closed invoices to be recognised when they come back; some 60 bytes each. */
  readonly remembered: number;
}

export const WINDOW: WindowLimits = { openLines: 1_000, partLines: 2_000, remembered: 1_000_000 };

interface OpenInvoice<Line> {
  readonly lines: Line[];
  last: number;
}

export function createInvoiceWindow<Line>(limits: WindowLimits = WINDOW) {
  /** Ordered by the last line: the one that waits longest is first. */
  const open = new Map<string, OpenInvoice<Line>>();
  const partsByInvoice = new Map<string, number>();
  let at = 0;

  function close(invoice: string, isBroken = false): InvoicePart<Line> {
    const lines = open.get(invoice)?.lines ?? [];
    open.delete(invoice);
    const part = (partsByInvoice.get(invoice) ?? 0) + 1;
    partsByInvoice.delete(invoice);
    partsByInvoice.set(invoice, part);
    for (const oldest of partsByInvoice.keys()) {
      if (partsByInvoice.size <= limits.remembered) break;
      partsByInvoice.delete(oldest);
    }
    return { invoice, part, lines, isBroken };
  }

  return {
    /** Takes a line; gives the parts that are complete now. */
    add(invoice: string, line: Line): InvoicePart<Line>[] {
      at++;
      const known = open.get(invoice) ?? { lines: [], last: at };
      known.lines.push(line);
      known.last = at;
      open.delete(invoice);
      open.set(invoice, known);
      const complete: InvoicePart<Line>[] = [];
      if (known.lines.length >= limits.partLines) complete.push(close(invoice));
      for (const [each, { last }] of open) {
        if (at - last < limits.openLines) break;
        complete.push(close(each));
      }
      return complete;
    },
    /** The input has ended, or broken off within the invoice of its last line. */
    end(isBroken: boolean): InvoicePart<Line>[] {
      const rest = [...open];
      return rest.map(([invoice, { last }]) => close(invoice, isBroken && last === at));
    },
  };
}
