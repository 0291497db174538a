/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export const timeText = (ms: number): string => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");

export const timeMs = (text: string | undefined): number => Date.parse(text ?? "");

/** RFC 3339 to the millisecond, where a moment is waited for. */
export const momentText = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");
