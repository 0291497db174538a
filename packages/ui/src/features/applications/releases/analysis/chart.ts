import type { Measurement, Metric, Threshold } from "../../details/types.ts";

/** A metric as something to draw: places are in the units of the picture, its upper left being 0, 0. */
export interface Chart {
  width: number;
  height: number;
  /** Through the measured numbers; absent where they are none. */
  line?: string;
  points: ChartPoint[];
  /** Lines that the numbers are held against. */
  limits: { y: number; text: string }[];
  /** Where a number would be bad. */
  zones: { y: number; height: number }[];
}

export interface ChartPoint {
  x: number;
  y: number;
  measurement: Measurement;
}

const WIDTH = 300;
const HEIGHT = 84;
const PAD = { x: 10, y: 12 };
/** Of the distance between the outermost numbers, left free above and below. */
const ROOM = 0.12;
const SIGNS: Record<string, string> = { ">=": "≥", "<=": "≤", "==": "=", "!=": "≠" };

/** Measurements over time: numbers by their size, with the limits where a condition is a plain comparison; anything else in one row. */
export function chartOf({ measurements, successThresholds, failureThresholds }: Pick<Metric, "measurements" | "successThresholds" | "failureThresholds">): Chart {
  const taken = (measurements ?? []).filter(({ phase }) => phase !== "Pending" && phase !== "Running");
  const across = acrossOf(taken);
  const numbers = taken.flatMap(({ number }) => number ?? []);
  if (numbers.length === 0) return { width: WIDTH, height: HEIGHT / 2, points: taken.map((measurement, index) => ({ x: across(index), y: HEIGHT / 4, measurement })), limits: [], zones: [] };
  const lines = [...(successThresholds ?? []).map((one) => ({ ...one, isGood: true })), ...(failureThresholds ?? []).map((one) => ({ ...one, isGood: false }))];
  const values = [...numbers, ...lines.map(({ value = 0 }) => value)];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * ROOM || Math.abs(most) * ROOM || 1;
  const y = (value: number): number => round(HEIGHT - PAD.y - ((value - least + room) / (most - least + 2 * room)) * (HEIGHT - 2 * PAD.y));
  // What gave no number, such as an error, stands at the foot.
  const points = taken.map((measurement, index) => ({ x: across(index), y: measurement.number === undefined ? HEIGHT - PAD.y / 2 : y(measurement.number), measurement }));
  const through = points.filter(({ measurement }) => measurement.number !== undefined);
  return {
    width: WIDTH,
    height: HEIGHT,
    line: through.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join(""),
    points,
    limits: lines.map((one) => ({ y: y(one.value ?? 0), text: thresholdText(one) })),
    zones: lines.flatMap((one) => zoneOf(one, y(one.value ?? 0))),
  };
}

export const thresholdText = ({ operator, value = 0 }: Threshold): string => `${SIGNS[operator] ?? operator} ${value}`;

/** By time where that is known and moves, else evenly. */
function acrossOf(taken: readonly Measurement[]): (index: number) => number {
  const times = taken.map(({ startedAt }) => Date.parse(startedAt ?? ""));
  const [first, last] = [times[0] ?? NaN, times.at(-1) ?? NaN];
  const isTimed = times.every((time) => !Number.isNaN(time)) && last > first;
  const share = (index: number): number => (isTimed ? (times[index]! - first) / (last - first) : taken.length < 2 ? 0.5 : index / (taken.length - 1));
  return (index) => round(PAD.x + share(index) * (WIDTH - 2 * PAD.x));
}

/** The side of a line on which a number is bad: beyond it for a failure, short of it for a success. */
function zoneOf({ operator, isGood }: Threshold & { isGood: boolean }, y: number): { y: number; height: number }[] {
  const side = operator.startsWith(">") ? "above" : operator.startsWith("<") ? "below" : undefined;
  if (side === undefined) return [];
  return (side === "above") !== isGood ? [{ y: 0, height: y }] : [{ y, height: HEIGHT - y }];
}

const round = (value: number): number => Math.round(value * 10) / 10;
