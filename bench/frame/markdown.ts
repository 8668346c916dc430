/** Tables as the formatter of this project leaves them: columns padded to their widest cell. */

export interface MarkdownColumn {
  readonly head: string;
  readonly isNumber?: boolean;
}

export function markdownTable(
  columns: readonly MarkdownColumn[],
  rows: readonly (readonly string[])[],
): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = columns.map(({ head }, at) =>
    Math.max(3, head.length, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${columns.map(({ isNumber = false }, at) => padded(row[at] ?? "", widths[at] ?? 0, isNumber)).join(" | ")} |`; // prettier-ignore
  const rule = columns.map(({ isNumber = false }, at) =>
    isNumber ? `${"-".repeat((widths[at] ?? 0) - 1)}:` : "-".repeat(widths[at] ?? 0),
  );
  return [line(columns.map(({ head }) => head)), `| ${rule.join(" | ")} |`, ...cells.map(line)].join("\n"); // prettier-ignore
}

const padded = (cell: string, width: number, isNumber: boolean): string =>
  isNumber ? cell.padStart(width) : cell.padEnd(width);
