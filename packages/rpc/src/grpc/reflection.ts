import type { Server, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PackageDefinition } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";

/**
 * Serves `grpc.reflection.v1` and `v1alpha`. The index over all messages costs most of a second,
 * so it is built when somebody first asks, not when the server starts.
 */
export function addReflection(server: Server, definitions: () => PackageDefinition, services: readonly string[]): void {
  let built: Registered[] | undefined;
  registrations({}, services).forEach(({ service, implementation }, index) => {
    const lazy = Object.keys(implementation).map((method) => [
      method,
      (call: unknown) => {
        built ??= registrations(definitions(), services);
        (built[index]!.implementation[method] as unknown as (call: unknown) => void)(call);
      },
    ]);
    server.addService(service, Object.fromEntries(lazy) as UntypedServiceImplementation);
  });
}

interface Registered {
  service: ServiceDefinition;
  implementation: UntypedServiceImplementation;
}

function registrations(definitions: PackageDefinition, services: readonly string[]): Registered[] {
  const found: Registered[] = [];
  const registrar = { addService: (service: ServiceDefinition, implementation: UntypedServiceImplementation) => void found.push({ service, implementation }) };
  new ReflectionService(definitions, { services: [...services] }).addToServer(registrar);
  return found;
}
