import { applications } from "./words/applications.ts";
import { create } from "./words/create.ts";
import { details } from "./words/details.ts";
import { inspect } from "./words/inspect.ts";
import { list } from "./words/list.ts";
import { permissions } from "./words/permissions.ts";
import { releases } from "./words/releases.ts";
import { repositories } from "./words/repositories.ts";
import { session } from "./words/session.ts";
import { settings } from "./words/settings.ts";
import { shell } from "./words/shell.ts";
import { sync } from "./words/sync.ts";
import { views } from "./words/views.ts";

/** Every text of the page: in English and in Korean. */
export const words = {
  ...applications,
  ...create,
  ...details,
  ...inspect,
  ...list,
  ...permissions,
  ...releases,
  ...repositories,
  ...session,
  ...settings,
  ...shell,
  ...sync,
  ...views,
} satisfies Record<string, readonly [en: string, ko: string]>;
