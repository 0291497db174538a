import { encode, shape } from "./codec.ts";
import type { MessagePlan } from "./plan.ts";

/**
 * A message made ready once and sent often: its shaped object, JSON text and bytes are each made
 * at first need and kept. Stands for itself in a response: as the whole of it, as one of its
 * fields, or as an item of one of its lists.
 */
export class Prepared {
  private readonly plan: MessagePlan;
  private readonly source: object;
  private shaped: Record<string, unknown> | undefined;
  private json: string | undefined;
  private wire: Buffer | undefined;

  constructor(plan: MessagePlan, source: object) {
    this.plan = plan;
    this.source = source;
  }

  /** What REST shows. */
  get object(): Record<string, unknown> {
    this.shaped ??= shape(this.plan, this.source);
    return this.shaped;
  }

  get text(): string {
    this.json ??= JSON.stringify(this.object);
    return this.json;
  }

  get bytes(): Buffer {
    this.wire ??= encode(this.plan, this.object);
    return this.wire;
  }

  /** Itself, where a message of this plan is wanted. */
  as(plan: MessagePlan): this {
    if (plan !== this.plan) throw new Error(`a prepared ${this.plan.name} stands where ${plan.name} is wanted`);
    return this;
  }

  toJSON(): unknown {
    return this.object;
  }
}

/** The JSON text of a response, in which prepared messages keep the text that they have. */
export function textOf(plan: MessagePlan, json: unknown): string {
  if (json instanceof Prepared) return json.as(plan).text;
  const members = Object.entries(shape(plan, json)).map(([key, value]) => `${JSON.stringify(key)}:${memberText(value)}`);
  return `{${members.join(",")}}`;
}

function memberText(value: unknown): string {
  if (value instanceof Prepared) return value.text;
  if (Array.isArray(value) && value[0] instanceof Prepared) return `[${value.map((item) => (item instanceof Prepared ? item.text : JSON.stringify(item))).join(",")}]`;
  return JSON.stringify(value);
}
