import { useMediaQuery } from "@mantine/hooks";
import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useChoice } from "../../../../../choice.ts";
import { useText } from "../../../../../i18n/text.tsx";
import type { ViewProps } from "../views.tsx";

const Graph = lazy(() => import("../graph/graph.tsx"));
const Outline = lazy(() => import("../outline/outline.tsx"));

const FORMS = ["graph", "outline"] as const;

/** The tree as a picture or as lines, as the reader chose; on a phone always as lines. */
export default function TreeView(props: ViewProps) {
  const t = useText();
  const [form, setForm] = useChoice("tree-form", FORMS);
  const isNarrow = useMediaQuery("(max-width: 760px)", false, { getInitialValueInEffect: false });
  const Form = form === "outline" || isNarrow ? Outline : Graph;
  return (
    <div className={`tree-view ${Form === Graph ? "as-graph" : ""}`}>
      {!isNarrow && <SegmentedControl className="tree-form" size="xs" aria-label={t("graph.form")} value={form} onChange={(value) => setForm(FORMS.find((one) => one === value) ?? "graph")} data={FORMS.map((value) => ({ value, label: t(`graph.${value}`) }))} />}
      <Suspense fallback={<div className="view-space" />}>
        <Form {...props} />
      </Suspense>
    </div>
  );
}
