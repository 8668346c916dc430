/** @jsxImportSource hono/jsx */
// How a match weight comes about: each comparison stacks upon the one before, from what is so of any two records to the total.
import { scaleLinear } from "d3-scale";
import type { PairExplanation } from "../../steward/explain.ts";
import { comparisonWords, levelWords, oddsWords } from "../matches/words.ts";

export interface WaterfallStep {
  readonly name: string;
  readonly note: string;
  /** Log2 odds before and after. */
  readonly from: number;
  readonly to: number;
  readonly kind: "start" | "for" | "against" | "total";
}

type Waterfall = PairExplanation["waterfall"];

/** In the order in which they add up. */
export function stepsOf({ prior, fields, household, total }: Waterfall): WaterfallStep[] {
  const steps: WaterfallStep[] = [
    {
      name: "Any two records",
      note: "to begin with",
      from: 0,
      to: prior,
      kind: "start",
    },
  ];
  let at = prior;
  for (const { comparison, level, weight } of fields) {
    const kind = weight < 0 ? "against" : "for";
    steps.push({ name: comparisonWords(comparison), note: levelWords(level), from: at, to: at + weight, kind }); // prettier-ignore
    at += weight;
  }
  if (household < -0.05) {
    const kind = "against";
    steps.push({ name: "One household", note: "could be two of it", from: at, to: at + household, kind }); // prettier-ignore
  }
  steps.push({ name: "Together", note: oddsWords(total), from: 0, to: total, kind: "total" });
  return steps;
}

const ROW = 38;
const HEAD = 44;
const BAR = 16;
/** Per cent of the width: names to the left, numbers to the right. */
const LEFT = 36;
const RIGHT = 86;
const percent = (value: number): string => `${value.toFixed(2)}%`;

export function WaterfallChart(props: {
  waterfall: Waterfall;
  thresholds: PairExplanation["thresholds"];
}) {
  const { waterfall, thresholds } = props;
  const steps = stepsOf(waterfall);
  const ends = [...steps.flatMap(({ from, to }) => [from, to]), thresholds.match, thresholds.potential]; // prettier-ignore
  const x = scaleLinear([Math.min(...ends), Math.max(...ends)], [LEFT, RIGHT]).nice();
  const height = HEAD + steps.length * ROW;
  const { match, potential } = thresholds;
  return (
    <svg class="waterfall" width="100%" height={height} role="img" aria-label={summaryOf(props)}>
      <Threshold x={x(potential)} height={height} y={14} class="ask" end>
        {`a question from ${signed(potential)}`}
      </Threshold>
      <Threshold x={x(match)} height={height} y={32} class="link" end={x(match) > 62}>
        {`one customer from ${signed(match)}`}
      </Threshold>
      <line class="zero" x1={percent(x(0))} x2={percent(x(0))} y1={HEAD} y2={height} />
      {steps.map((step, at) => {
        const top = HEAD + at * ROW;
        const [low, high] = [Math.min(step.from, step.to), Math.max(step.from, step.to)];
        const next = steps[at + 1];
        return (
          <g class={`step ${step.kind}`}>
            <text class="name" x="0" y={top + 15}>
              {step.name}
            </text>
            <text class="note" x="0" y={top + 30}>
              {step.note}
            </text>
            <rect
              x={percent(x(low))}
              width={percent(Math.max(x(high) - x(low), 0.4))}
              y={top + (ROW - BAR) / 2}
              height={BAR}
              rx="3"
            />
            {next && next.kind !== "total" ? (
              <line
                class="carry"
                x1={percent(x(step.to))}
                x2={percent(x(step.to))}
                y1={top + (ROW + BAR) / 2}
                y2={top + ROW + (ROW - BAR) / 2}
              />
            ) : null}
            <text class="amount" x="100%" y={top + 24} text-anchor="end">
              {signed(step.kind === "total" ? step.to : step.to - step.from)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function Threshold(props: {
  x: number;
  y: number;
  height: number;
  class: string;
  end?: boolean;
  children: string;
}) {
  const { x, y, height, end = false } = props;
  return (
    <g class={`threshold ${props.class}`}>
      <line x1={percent(x)} x2={percent(x)} y1={y - 10} y2={height} />
      <text x={percent(x)} y={y} dx={end ? -6 : 6} text-anchor={end ? "end" : "start"}>
        {props.children}
      </text>
    </g>
  );
}

/** With a proper minus. */
export const signed = (value: number): string =>
  `${value <= -0.05 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;

function summaryOf({
  waterfall: { total },
  thresholds: { match, potential },
}: {
  waterfall: Waterfall;
  thresholds: PairExplanation["thresholds"];
}): string {
  const side =
    total >= match
      ? "enough for one customer"
      : total >= potential
        ? "enough for a question"
        : "too little for a question";
  return `The weight of all comparisons is ${signed(total)} bits, ${side}: ${oddsWords(total)}.`;
}
