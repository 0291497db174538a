import { randomUUID } from "node:crypto";
import type { AppProject, JWTToken, ProjectRole } from "@trireme/api/argo";
import { invalid, notFound } from "../../errors.ts";
import { inside, unary, type Call } from "../rpc.ts";
import { changeProject, findProject, recordProject } from "./access.ts";

/** A token for a role of a project; known by its id in the project, where it can be taken back. */
export const createToken = unary(inside("members of the role may too", ["projects", "update"]), async (request, call) => {
  const { ctx } = call;
  const { project: name = "", role = "" } = request;
  const { project, found } = await roleFor(name, role, call);
  if (project === undefined || found === undefined) throw notFound(`project '${name}' does not have role '${role}'`);
  const id: string = request.id || randomUUID();
  if (tokensOf(project, role).some((token) => token.id === id)) throw invalid(`rpc error: code = InvalidArgument desc = Token id '${id}' has been used. `, "TokenExists");
  const seconds = Number(request.expiresIn ?? 0);
  const iat = Math.floor(ctx.clock.now() / 1000);
  const token = await ctx.auth.tokens.issue(`proj:${name}:${role}`, seconds, id);
  const added: JWTToken = { iat, ...(seconds > 0 && { exp: iat + seconds }), id };
  const written = await changeProject(project, (current) => withTokens(current, role, [...tokensOf(current, role), added]), call);
  recordProject(written, "ResourceCreated", "created token", call);
  return { token };
});

/** Takes a token back, by its id or the second it was made in. */
export const deleteToken = unary(inside("members of the role may too", ["projects", "update"]), async (request, call) => {
  const { project: name = "", role = "" } = request;
  const { project, found } = await roleFor(name, role, call);
  if (project === undefined || found === undefined) return {};
  const doomed = (token: JWTToken) => (request.id ? token.id === request.id : token.iat === Number(request.iat));
  if (!tokensOf(project, role).some(doomed)) return {};
  const written = await changeProject(project, (current) => withTokens(current, role, tokensOf(current, role).filter((token) => !doomed(token))), call);
  recordProject(written, "ResourceDeleted", "deleted token", call);
  return {};
});

function roleOf(project: AppProject, name: string): ProjectRole | undefined {
  return project.spec.roles?.find((role) => role.name === name);
}

/** The role, for those who may make its tokens. Others do not learn what there is. */
async function roleFor(name: string, role: string, call: Call): Promise<{ project: AppProject | undefined; found: ProjectRole | undefined }> {
  const { caller } = call;
  const project = await findProject(name, call);
  const found = project && roleOf(project, role);
  if (!caller.identity?.groups.some((group) => found?.groups?.includes(group))) caller.require("projects", "update", name);
  return { project, found };
}

/** Tokens stand in the project's status and, for older clients, in its spec: both count. */
export function tokensOf(project: AppProject, role: string): JWTToken[] {
  const status = project.status?.jwtTokensByRole?.[role]?.items ?? [];
  const spec = roleOf(project, role)?.jwtTokens ?? [];
  const byId = new Map([...status, ...spec].map((token) => [token.id || String(token.iat), { ...token, id: token.id || String(token.iat) }]));
  return [...byId.values()].sort((a, b) => b.iat - a.iat);
}

function withTokens(project: AppProject, role: string, tokens: JWTToken[]): AppProject {
  const sorted = [...tokens].sort((a, b) => b.iat - a.iat);
  const roles = project.spec.roles?.map((one) => (one.name === role ? { ...one, jwtTokens: sorted } : one));
  return { ...project, spec: { ...project.spec, ...(roles !== undefined && { roles }) }, status: { ...project.status, jwtTokensByRole: { ...project.status?.jwtTokensByRole, [role]: { items: sorted } } } };
}
