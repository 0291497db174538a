import { isTextKey, type Text } from "../../../../i18n/text.tsx";
import type { WhyReason } from "../types.ts";
import type { WhyGroup } from "./groups.ts";

/** Why, in one sentence of the reader's language; what the server says where there is none. */
export function sentenceOf({ reason, all }: WhyGroup, t: Text): string {
  const behind = causeText(reason, t);
  const plain = plainText(reason, all.length, t);
  // What is under way, failed or is being deleted is the sentence, and the cause its second half.
  if (["OperationRunning", "OperationFailed", "Deleting"].includes(reason.reason)) return behind === undefined ? plain : `${plain} ${behind}`;
  if (behind === undefined) return plain;
  return all.length > 1 ? `${behind} ${t("why.andOthers", { count: all.length - 1 })}` : behind;
}

function causeText({ cause, values, blocker }: WhyReason, t: Text): string | undefined {
  const known = { name: blocker?.name ?? "", kind: blocker?.kind ?? "", ...values };
  const keys = cause === undefined || cause === "" || cause === "HeldBack" ? [] : [`why.${cause}`, ...(values?.["until"] ? [`waiting.${cause}.until`] : []), `waiting.${cause}`];
  const key = keys.find(isTextKey);
  return key === undefined || !isTextKey(key) ? undefined : endOf(t(key, known), cause === "PodsNotAvailable" || key.endsWith(".until") ? known.name : "");
}

/** Words that an object's name follows in a picture end with it here. */
const endOf = (text: string, name: string): string => (name === "" ? text : `${text.replace(/[:,]$/, "")} ${name}`.trim());

function plainText({ reason, cause, values, blocker, message = "" }: WhyReason, count: number, t: Text): string {
  const held = cause === "HeldBack" ? "held" : count > 1 ? "many" : "one";
  const keys = [`why.${held}.${reason}`, ...(values?.["from"] ? [`why.${reason}.from`] : []), `reason.${reason}`];
  const key = keys.find(isTextKey);
  return key === undefined || !isTextKey(key) ? message || reason : t(key, { count, kind: blocker?.kind ?? "", name: blocker?.name ?? "", ...values });
}

/** What can be done, in a sentence: of the cause where something is to be said of it. */
export function nextOf({ reason, cause = "", next }: WhyReason, t: Text): string | undefined {
  const key = [`next.${cause}`, `next.${reason}`].find(isTextKey);
  return key === undefined || !isTextKey(key) ? next : t(key);
}
