import { encode } from "./encode.ts";
import type { MessagePlan } from "./plan.ts";
import { shape } from "./shape.ts";

/**
 * A message made ready once and sent often: its shaped object, JSON text and bytes are each made
 * at first need and kept. Stands for itself in a response: as the whole of it, as one of its
 * fields, or as an item of one of its lists.
 */
export class Prepared {
  private readonly plan: MessagePlan;
  private readonly source: object;
  private shaped: Record<string, unknown> | undefined;
  private json: Buffer | undefined;
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

  /** Its JSON text, as UTF-8. */
  get text(): Buffer {
    this.json ??= Buffer.from(JSON.stringify(this.object));
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

/** The JSON text of a response as UTF-8, in which prepared messages keep the text that they have. */
export function textOf(plan: MessagePlan, json: unknown): Buffer {
  if (json instanceof Prepared) return json.as(plan).text;
  const shaped = shape(plan, json);
  if (!Object.values(shaped).some(isPrepared)) return Buffer.from(JSON.stringify(shaped));
  const parts: Buffer[] = [];
  for (const [key, value] of Object.entries(shaped)) {
    parts.push(Buffer.from(`${parts.length === 0 ? "{" : ","}${JSON.stringify(key)}:`), ...memberTexts(value));
  }
  return Buffer.concat([...parts, Buffer.from("}")]);
}

function isPrepared(value: unknown): boolean {
  return value instanceof Prepared || (Array.isArray(value) && value[0] instanceof Prepared);
}

const [OPEN, COMMA, CLOSE] = ["[", ",", "]"].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];

function memberTexts(value: unknown): Buffer[] {
  if (value instanceof Prepared) return [value.text];
  if (!isPrepared(value)) return [Buffer.from(JSON.stringify(value))];
  const items = (value as unknown[]).flatMap((item, index) => [index === 0 ? OPEN : COMMA, item instanceof Prepared ? item.text : Buffer.from(JSON.stringify(item))]);
  return [...items, CLOSE];
}
