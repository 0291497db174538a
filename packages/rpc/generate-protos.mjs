// Writes proto/argocd/*.proto from data/argo-cd-api.json and proto/argo-rollouts/*.proto from data/argo-rollouts-api.json:
// `node packages/rpc/generate-protos.mjs`. Each folder is complete in itself, with one file for each package, named after
// it; names, numbers, labels and HTTP rules are the clients'.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HTTP = "google/api/annotations.proto";
const EMPTY = "google/protobuf/empty.proto";

const packageOf = (name) => name.slice(0, name.lastIndexOf("."));

writeProtos("argo-cd-api.json", "argocd");
writeProtos("argo-rollouts-api.json", "argo-rollouts");

function writeProtos(data, target) {
  const contract = JSON.parse(readFileSync(new URL(`data/${data}`, import.meta.url), "utf8"));
  const folder = fileURLToPath(new URL(`../../proto/${target}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const [name, { messages, services }] of packagesOf(contract)) {
    const syntax = contract.syntaxByPackage[name] ?? "proto2";
    const imports = new Set();
    const use = (type) => {
      if (!type.includes(".")) return type;
      const owner = packageOf(type);
      if (owner === "google.protobuf") imports.add(EMPTY);
      else if (owner !== name) imports.add(`${owner}.proto`);
      return `.${type}`;
    };
    const body = [...services.map((service) => serviceText(service, contract.services[service], use, imports)), ...messages.map((message) => messageText(message, contract.messages[message], syntax, use))];
    const head = [`syntax = "${syntax}";`, "", `package ${name};`, ""];
    const importLines = [...imports].sort().map((file) => `import "${file}";`);
    writeFileSync(`${folder}${name}.proto`, [...head, ...importLines, ...(importLines.length ? [""] : []), body.join("\n\n"), ""].join("\n"));
  }
}

function packagesOf(contract) {
  const packages = new Map();
  const inPackage = (name) => {
    const key = packageOf(name);
    if (!packages.has(key)) packages.set(key, { messages: [], services: [] });
    return packages.get(key);
  };
  for (const name of Object.keys(contract.messages)) inPackage(name).messages.push(name);
  for (const name of Object.keys(contract.services)) inPackage(name).services.push(name);
  packages.delete("google.protobuf");
  return packages;
}

function serviceText(name, rpcs, use, imports) {
  const methods = Object.entries(rpcs).map(([method, { request, response, requestStream, responseStream, http }]) => {
    const signature = `  rpc ${method}(${requestStream ? "stream " : ""}${use(request)}) returns (${responseStream ? "stream " : ""}${use(response)})`;
    const rules = Array.isArray(http) ? http : [];
    if (rules.length === 0) return `${signature};`;
    imports.add(HTTP);
    return `${signature} {\n    option (google.api.http) = {\n${rules.flatMap((rule) => ruleLines(rule, "      ")).join("\n")}\n    };\n  }`;
  });
  return `service ${name.slice(name.lastIndexOf(".") + 1)} {\n${methods.join("\n")}\n}`;
}

function ruleLines(rule, indent) {
  return Object.entries(rule).flatMap(([key, value]) => {
    if (key !== "additional_bindings") return [`${indent}${key}: ${JSON.stringify(value)}`];
    return [value].flat().flatMap((binding) => [`${indent}additional_bindings {`, ...ruleLines(binding, `${indent}  `), `${indent}}`]);
  });
}

function messageText(name, members, syntax, use) {
  const fields = members.map((field) => `  ${labelOf(field, syntax)}${typeOf(field.type, use)} ${field.name} = ${field.n};`);
  const short = name.slice(name.lastIndexOf(".") + 1);
  return fields.length ? `message ${short} {\n${fields.join("\n")}\n}` : `message ${short} {}`;
}

function labelOf({ repeated, required, type }, syntax) {
  if (type.startsWith("map<")) return "";
  if (repeated) return "repeated ";
  if (required) return "required ";
  return syntax === "proto2" ? "optional " : "";
}

function typeOf(type, use) {
  const map = /^map<([^,]+),\s*(.+)>$/.exec(type);
  return map ? `map<${map[1]}, ${use(map[2])}>` : use(type);
}
