import { useMediaQuery } from "@mantine/hooks";
import { SegmentedControl } from "@mantine/core";
import { onDemand } from "../../../../../components/on-demand.tsx";
import { useChoice } from "../../../../../choice.ts";
import { useText } from "../../../../../i18n/text.tsx";
import type { ViewProps } from "../views.tsx";

const SPACE = <div className="view-space" />;
const Graph = onDemand(() => import("../graph/graph.tsx"), SPACE);
const Outline = onDemand(() => import("../outline/outline.tsx"), SPACE);

const NARROW = "(max-width: 760px)";
// Few choose the lines where there is room for the picture.
if (!matchMedia(NARROW).matches) Graph.preload();

const FORMS = ["graph", "outline"] as const;

/** The tree as a picture or as lines, as the reader chose; on a phone always as lines. */
export default function TreeView(props: ViewProps) {
  const t = useText();
  const [form, setForm] = useChoice("tree-form", FORMS);
  const isNarrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  const Form = form === "outline" || isNarrow ? Outline : Graph;
  return (
    <div className={`tree-view ${Form === Graph ? "as-graph" : ""}`}>
      {!isNarrow && <SegmentedControl className="tree-form" size="xs" aria-label={t("graph.form")} value={form} onChange={(value) => setForm(FORMS.find((one) => one === value) ?? "graph")} data={FORMS.map((value) => ({ value, label: t(`graph.${value}`) }))} />}
      <Form {...props} />
    </div>
  );
}
