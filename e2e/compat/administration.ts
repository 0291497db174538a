import type { Story } from "./story.ts";

const SERVER = "https://kubernetes.default.svc";

/** Projects, roles, tokens, accounts and credentials, as an administrator keeps them. */
export async function administer({ stack, cli, checks, suffix }: Story): Promise<void> {
  const project = `team-${suffix}`;
  checks.outcome("proj create", await cli.run(["proj", "create", project, "--description", "Team", "-d", `${SERVER},${project}-*`, "-s", "*"]), {});
  checks.outcome("proj add-destination", await cli.run(["proj", "add-destination", project, SERVER, "shared"]), {});
  checks.outcome("proj get", await cli.run(["proj", "get", project]), { prints: [`${SERVER},${project}-*`, `${SERVER},shared`] });
  checks.outcome("proj role create", await cli.run(["proj", "role", "create", project, "ci"]), { prints: ["Role 'ci' created"] });
  checks.outcome("proj role add-policy", await cli.run(["proj", "role", "add-policy", project, "ci", "-a", "get", "-p", "allow", "-o", "*"]), {});
  const token = await cli.run(["proj", "role", "create-token", project, "ci", "--expires-in", "1h", "--token-only"], { show: false });
  checks.outcome("proj role create-token", token, { prints: [/^eyJ/] });
  checks.outcome("proj role get", await cli.run(["proj", "role", "get", project, "ci"]), { prints: [`p, proj:${project}:ci, applications, get, ${project}/*, allow`] });
  const asRole = ["--auth-token", token.stdout.trim()];
  checks.outcome("the role's token sees what its policy says", await cli.run(["app", "list", ...asRole], { secrets: asRole }), { lacks: ["argocd/compat-"] });
  checks.outcome("and may not do more", await cli.run(["proj", "delete", project, ...asRole], { secrets: asRole }), { code: 20, says: ["PermissionDenied"] });
  checks.outcome("proj windows add", await cli.run(["proj", "windows", "add", project, "--kind", "allow", "--schedule", "* * * * *", "--duration", "1h", "--applications", "*"]), {});
  checks.outcome("proj windows list", await cli.run(["proj", "windows", "list", project]), { prints: [/Active +allow +\* \* \* \* \* +1h/] });
  checks.outcome("proj delete", await cli.run(["proj", "delete", project]), {});

  checks.outcome("account list", await cli.run(["account", "list"]), { prints: [/^admin +true +login/m] });
  checks.outcome("account generate-token without the capability", await cli.run(["account", "generate-token"]), { code: 20, says: ["account 'admin' does not have apiKey capability"] });
  const secrets = [stack.adminPassword, "another-password"];
  const change = (from: string, to: string) => cli.run(["account", "update-password", "--current-password", from, "--new-password", to], { secrets });
  checks.outcome("account update-password with a wrong one", await change("not-the-password", "another-password"), { code: 20 });
  checks.outcome("account update-password", await change(stack.adminPassword, "another-password"), { prints: ["Password updated"] });
  checks.outcome("and back", await change("another-password", stack.adminPassword), { prints: ["Password updated"] });

  const pattern = `https://git.example.com/${suffix}`;
  checks.outcome("repocreds add", await cli.run(["repocreds", "add", pattern, "--username", "u", "--password", "p"]), { prints: [`Repository credentials for '${pattern}' added`] });
  checks.outcome("repocreds list", await cli.run(["repocreds", "list"]), { prints: [pattern] });
  checks.outcome("repocreds rm", await cli.run(["repocreds", "rm", pattern]), { prints: [`Repository credentials for '${pattern}' removed`] });
  checks.outcome("cert list", await cli.run(["cert", "list"]), { prints: ["HOSTNAME"] });
  checks.outcome("gpg list", await cli.run(["gpg", "list"]), { prints: ["KEYID"] });
  checks.outcome("appset list", await cli.run(["appset", "list"]), { prints: ["NAME"] });
  checks.outcome("cluster get", await cli.run(["cluster", "get", "in-cluster"]), { prints: [`server: ${SERVER}`] });
}
