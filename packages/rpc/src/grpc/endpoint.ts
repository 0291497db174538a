import type { Socket } from "node:net";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { PackageDefinition } from "@grpc/proto-loader";
import { HealthImplementation } from "grpc-health-check";
import type { Services } from "../handlers.ts";
import { addReflection } from "./reflection.ts";
import { serveMethods, type ServeOptions, type ServiceDefinition } from "./serve-methods.ts";

export interface EndpointOptions extends ServeOptions {
  services: Services;
  definition(service: string): ServiceDefinition;
  /** All that reflection tells. */
  definitions(): PackageDefinition;
  messageLimit: number;
}

/** A gRPC server without a port of its own: connections are handed in. Health and reflection come with it. */
export interface Endpoint {
  accept(socket: Socket): void;
  setServing(serving: boolean): void;
  /** No more calls on open connections; those that run may end within `ms`. */
  drain(ms: number): void;
  close(): void;
}

export function grpcEndpoint({ services, definition, definitions, messageLimit, ...serve }: EndpointOptions): Endpoint {
  const server = new Server({ "grpc.max_receive_message_length": messageLimit, "grpc.max_send_message_length": messageLimit });
  const names = Object.keys(services);
  for (const name of names) serveMethods(server, name, definition(name), services, serve);
  const health = new HealthImplementation({ "": "SERVING" });
  health.addToServer(server);
  addReflection(server, definitions, names);
  // Where there is TLS it ends before, so that certificates can change without a restart.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    accept: (socket) => injector.injectConnection(socket),
    setServing: (serving) => health.setStatus("", serving ? "SERVING" : "NOT_SERVING"),
    drain: (ms) => injector.drain(ms),
    close() {
      injector.destroy();
      server.forceShutdown();
    },
  };
}
