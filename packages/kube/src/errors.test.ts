import { isAway, KubeError, KubeUnreachableError } from "./errors.ts";

const answered = (code: number, message: string, reason?: string) => new KubeError({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code, message, ...(reason && { reason }) }, { cluster: "c", method: "PATCH", path: "/" });
const unreachable = (reason: "ClusterUnreachable" | "ClusterTimeout" | "ClusterAnswerTooLarge") => new KubeUnreachableError("no answer", { cluster: "c", reason });

describe(isAway, () => {
  test.each([
    { name: "a refused connection", error: unreachable("ClusterUnreachable"), want: true },
    { name: "a passed deadline", error: unreachable("ClusterTimeout"), want: true },
    { name: "an answer that is too large", error: unreachable("ClusterAnswerTooLarge"), want: false },
    { name: "an etcd that died during the request", error: answered(500, "rpc error: code = Unavailable desc = error reading from server: EOF"), want: true },
    { name: "an etcd that is too slow", error: answered(500, "etcdserver: request timed out", "InternalError"), want: true },
    { name: "too many requests", error: answered(429, "too many requests, please try again later", "TooManyRequests"), want: true },
    { name: "a server that shuts down", error: answered(503, "apiserver is shutting down", "ServiceUnavailable"), want: true },
    { name: "a server that waits for its storage", error: answered(504, "Timeout: request did not complete within the allotted timeout", "Timeout"), want: true },
    { name: "a webhook that fails", error: answered(500, 'Internal error occurred: failed calling webhook "w.test": connect: connection refused', "InternalError"), want: false },
    { name: "an invalid object", error: answered(422, "ConfigMap is invalid", "Invalid"), want: false },
    { name: "a missing right", error: answered(403, "forbidden", "Forbidden"), want: false },
    { name: "what is no error of a cluster", error: new Error("context deadline exceeded"), want: false },
  ])("$name: $want", ({ error, want }) => expect(isAway(error)).toBe(want));
});
