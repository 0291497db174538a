/**
 * The two roles that every installation has, and `admin`'s membership. Objects that belong to a
 * project are `<project>/<object>`; certificates and keys have none.
 */
const READ = ["applications */*", "applicationsets */*", "certificates *", "clusters *", "repositories *", "write-repositories *", "projects *", "accounts *", "gpgkeys *", "logs */*"];

const WRITE: [resource: string, object: string, actions: string][] = [
  ["applications", "*/*", "create update update/* delete delete/* sync override action/*"],
  ["applicationsets", "*/*", "get create update delete"],
  ["certificates", "*", "create update delete"],
  ["clusters", "*", "create update delete"],
  ["repositories", "*", "create update delete"],
  ["write-repositories", "*", "create update delete"],
  ["projects", "*", "create update delete"],
  ["accounts", "*", "update"],
  ["gpgkeys", "*", "create delete"],
  ["exec", "*/*", "create"],
];

export const BUILTIN_POLICY: string = [
  ...READ.map((entry) => entry.split(" ")).map(([resource, object]) => `p, role:readonly, ${resource}, get, ${object}, allow`),
  ...WRITE.flatMap(([resource, object, actions]) => actions.split(" ").map((action) => `p, role:admin, ${resource}, ${action}, ${object}, allow`)),
  "g, role:admin, role:readonly",
  "g, admin, role:admin",
].join("\n");
