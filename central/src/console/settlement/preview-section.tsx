/** @jsxImportSource hono/jsx */
import { LIMITS } from "@regulars/shared/limits";
import { createLineReader, type ReadLine } from "../../reconcile/settlement/read-line.ts";
import { LINE_REASONS } from "../../reconcile/settlement/refusal.ts";
import { mappingRefusal } from "../../reconcile/settlement/survey.ts";
import { mappingOf, type Upload } from "../../reconcile/settlement/uploads.ts";
import { formatCount, formatMoney } from "../format.ts";

export interface PreviewSectionProps {
  readonly upload: Upload;
  readonly zones: ReadonlyMap<string, string | null>;
  readonly today: string;
}

/** The first rows, as they are read now. */
export function PreviewSection({ upload, zones, today }: PreviewSectionProps) {
  const { sample, draft } = upload;
  const mapping = mappingOf(draft);
  if (mapping === null || mappingRefusal(mapping, sample.header) !== null) return null;
  const reader = createLineReader({ mapping, header: sample.header, zones, today });
  const rows = sample.rows.slice(0, LIMITS.settlementShownRows);
  return (
    <section aria-labelledby="preview">
      <h2 id="preview">The first rows, as they are read</h2>
      <div class="scroll" role="region" aria-labelledby="preview" tabindex={0}>
        <table class="still settlement-preview">
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Day</th>
              <th scope="col">Store</th>
              <th scope="col">Reference</th>
              <th scope="col" class="number">
                Amount
              </th>
              <th scope="col" class="number">
                Fee
              </th>
              <th scope="col">Payout</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ line, cells }) => (
              <PreviewRow line={line} read={reader.read(line, cells)} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function PreviewRow({ line, read }: { line: number; read: ReadLine }) {
  if (read.is === "other") {
    return (
      <tr class="mark-quiet">
        <th scope="row">{formatCount(line)}</th>
        <td colspan={6}>Left out: of another kind, or about no money</td>
      </tr>
    );
  }
  if (read.is === "bad") {
    return (
      <tr class="mark-bad">
        <th scope="row">{formatCount(line)}</th>
        <td colspan={6}>
          {read.problems
            .map(({ column, reason }) => `${column ?? "line"}: ${LINE_REASONS[reason]}`)
            .join("; ")}
        </td>
      </tr>
    );
  }
  const { businessDay, store, reference, amountMinor, feeMinor, currency, batch } = read.line;
  return (
    <tr>
      <th scope="row">{formatCount(line)}</th>
      <td>{businessDay}</td>
      <td>{store}</td>
      <td class="id">{reference}</td>
      <td class="number">{formatMoney(amountMinor, currency)}</td>
      <td class="number">{feeMinor === null ? "–" : formatMoney(feeMinor, currency)}</td>
      <td class="id">{batch ?? "–"}</td>
    </tr>
  );
}
