import { onDemand } from "../on-demand.tsx";

/** Keeps the place of what is large until its code is there. */
export const SPACE = <div className="code-space" />;

/** YAML to read or to edit; its editor is large and loaded when the first text is shown. */
export const Code = onDemand(() => import("./code.tsx"), SPACE);
export const Diff = onDemand(() => import("./diff.tsx"), SPACE);
export const Editor = onDemand(() => import("./editor.tsx"), SPACE);
