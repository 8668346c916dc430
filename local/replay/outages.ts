/** Who is without network during which stretch of the file: part of the agents, each for part of the time. */
import { sha256Uint32 } from "@regulars/shared/digest";

export interface Outage {
  readonly source: string;
  /** Positions in the file, from 0 to 1. */
  readonly from: number;
  readonly to: number;
}

/** The same agents and stretches for the same names, so that a resumed replay meets the same weather. */
export function planOutages(sources: readonly string[], share: number): Outage[] {
  const chosen = sources
    .toSorted((a, b) => fractionOf(`chosen/${a}`) - fractionOf(`chosen/${b}`))
    .slice(0, Math.round(sources.length * share));
  return chosen.map((source) => ({
    source,
    from: 0.1 + 0.2 * fractionOf(`from/${source}`),
    to: 0.5 + 0.3 * fractionOf(`to/${source}`),
  }));
}

export function isOut({ from, to }: Outage, position: number): boolean {
  return position >= from && position < to;
}

const fractionOf = (text: string): number => sha256Uint32(`outage/${text}`) / 2 ** 32;
