/** @jsxImportSource hono/jsx */
// Source records of one customer and what has joined them: laid out by forces that always come to rest at the same places.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { scaleLinear } from "d3-scale";
import { formatCountOf } from "../format.ts";

export interface ClusterNode {
  readonly id: string;
  /** What its record is known by. */
  readonly name: string;
  /** Source records that resolution cannot tell apart. */
  readonly records: number;
}

export interface ClusterEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "deterministic" | "probabilistic" | "steward";
  readonly weight: number | null;
  readonly words: string;
}

/** More would be a ball of wool, and take longer than the page has; the table names all. */
export const CLUSTER_NODES = 60;

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = 26;
const TICKS = 240;

interface Place {
  x: number;
  y: number;
}

/** Stretches what lies between the least and the greatest over the size, less a margin on both sides. */
function fit(values: readonly number[], size: number, margin: number) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const scale = scaleLinear([low, high], [margin, size - margin]);
  return (value: number): number => (high - low < 1 ? size / 2 : scale(value));
}

/** Where each node lies: x in per cent of the width, y in pixels. The same nodes and edges are always the same picture. */
export function placesOf(
  nodes: readonly ClusterNode[],
  edges: readonly ClusterEdge[],
): ReadonlyMap<string, Place> {
  const items = nodes.map(({ id }) => ({ id, x: Number.NaN, y: Number.NaN }));
  const byId = new Map(items.map((item) => [item.id, item]));
  const links = edges.flatMap(({ from, to }) => {
    const [source, target] = [byId.get(from), byId.get(to)];
    return source && target ? [{ source, target }] : [];
  });
  // Starts from a spiral and draws its numbers from a generator of its own: no two runs differ.
  const simulation = forceSimulation(items)
    .force("link", forceLink(links).distance(70).strength(0.9))
    .force("apart", forceManyBody().strength(-220))
    .force("size", forceCollide(24))
    .force("x", forceX(0).strength(0.05))
    .force("y", forceY(0).strength(0.12))
    .stop();
  simulation.tick(TICKS);
  // Few of them stay close to each other, rather than at the two ends of a wide page.
  const side = WIDTH * Math.max(0.065, 0.4 - items.length / 20);
  const x = fit(items.map((item) => item.x), WIDTH, side); // prettier-ignore
  const y = fit(items.map((item) => item.y), HEIGHT, MARGIN); // prettier-ignore
  return new Map(items.map((item) => [item.id, { x: (x(item.x) / WIDTH) * 100, y: y(item.y) }]));
}

const thickness = scaleLinear([0, 25], [1.5, 5]).clamp(true);

export function ClusterChart(props: {
  nodes: readonly ClusterNode[];
  edges: readonly ClusterEdge[];
}) {
  const nodes = props.nodes.slice(0, CLUSTER_NODES);
  const places = placesOf(nodes, props.edges);
  const numberOf = new Map(nodes.map(({ id }, at) => [id, at + 1]));
  return (
    <svg
      class="cluster"
      width="100%"
      height={HEIGHT}
      role="img"
      aria-label={`${nodes.length} records of one customer, and ${formatCountOf(props.edges.length, "link")} between them; both are listed below.`}
    >
      {props.edges.map(({ from, to, kind, weight, words }) => {
        const [one, two] = [places.get(from), places.get(to)];
        if (!one || !two) return null;
        return (
          <line
            class={`edge ${kind}`}
            x1={`${one.x.toFixed(2)}%`}
            y1={one.y.toFixed(1)}
            x2={`${two.x.toFixed(2)}%`}
            y2={two.y.toFixed(1)}
            stroke-width={(weight === null ? 3 : thickness(weight)).toFixed(1)}
          >
            <title>{`${numberOf.get(from)} to ${numberOf.get(to)}: ${words}`}</title>
          </line>
        );
      })}
      {nodes.map(({ id, name, records }, at) => {
        const place = places.get(id) ?? { x: 50, y: HEIGHT / 2 };
        return (
          <g class="node">
            <circle
              cx={`${place.x.toFixed(2)}%`}
              cy={place.y.toFixed(1)}
              r={Math.min(20, 11 + 2 * Math.log2(records))}
            >
              <title>{name}</title>
            </circle>
            <text x={`${place.x.toFixed(2)}%`} y={(place.y + 4.5).toFixed(1)} text-anchor="middle">
              {at + 1}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

const LEGEND = [
  ["deterministic", "a shared card, account, e-mail or phone"],
  ["probabilistic", "alike in what they say, the thicker the surer"],
  ["steward", "a steward's decision"],
] as const;

export function ClusterLegend({ kinds }: { kinds: ReadonlySet<ClusterEdge["kind"]> }) {
  return (
    <ul class="kinds">
      {LEGEND.filter(([kind]) => kinds.has(kind)).map(([kind, words]) => (
        <li>
          <svg width="34" height="10" aria-hidden="true">
            <line class={`edge ${kind}`} x1="1" x2="33" y1="5" y2="5" stroke-width="3" />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  );
}
