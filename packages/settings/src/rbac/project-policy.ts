/** What of an AppProject its policy needs. */
export interface ProjectRoles {
  metadata: { name: string };
  spec?: { roles?: { name: string; policies?: string[] | null; groups?: string[] | null }[] | null };
}

/**
 * The policy that a project adds for its own objects: each role may read the project, has the role's
 * policies, and the role's groups have the role.
 */
export function projectPolicy(project: ProjectRoles): string {
  const name = project.metadata.name;
  const lines: string[] = [];
  for (const role of project.spec?.roles ?? []) {
    const subject = `proj:${name}:${role.name}`;
    lines.push(`p, ${subject}, projects, get, ${name}, allow`, ...(role.policies ?? []));
    for (const group of role.groups ?? []) lines.push(`g, ${csvField(group)}, ${subject}`);
  }
  return lines.join("\n");
}

function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
