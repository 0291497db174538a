import { Checkbox, SegmentedControl } from "@mantine/core";
import { useMemo } from "react";
import { useMediaQuery } from "@mantine/hooks";
import { useChoice } from "../../../../choice.ts";
import { Diff } from "../../../../components/code/shown.tsx";
import { bareYamlOfJson } from "../../../../components/code/yaml.ts";
import { useText } from "../../../../i18n/text.tsx";

const WAYS = ["split", "inline"] as const;
const LINES = ["changed", "whole"] as const;

/** How differences are shown: chosen once for all of them, and kept. A narrow page has no room for two sides. */
export function useDiffWay() {
  const [way, setWay] = useChoice("diff", WAYS);
  const [lines, setLines] = useChoice("diff-lines", LINES);
  const narrow = useMediaQuery("(max-width: 760px)") === true;
  return { way: narrow ? ("inline" as const) : way, setWay, whole: lines === "whole", setWhole: (whole: boolean) => setLines(whole ? "whole" : "changed"), narrow };
}

export function DiffOptions() {
  const t = useText();
  const { way, setWay, whole, setWhole, narrow } = useDiffWay();
  return (
    <div className="diff-options">
      {!narrow && <SegmentedControl size="xs" aria-label={t("diff.way")} value={way} onChange={(value) => setWay(WAYS.find((one) => one === value) ?? "split")} data={WAYS.map((value) => ({ value, label: t(`diff.${value}`) }))} />}
      <Checkbox size="xs" label={t("diff.whole")} checked={whole} onChange={(event) => setWhole(event.currentTarget.checked)} />
    </div>
  );
}

interface Props {
  /** JSON of the objects; undefined: there is none. */
  before: string | undefined;
  after: string | undefined;
  beforeLabel: string;
  afterLabel: string;
}

/** Two states of one object as YAML, held against each other. */
export function DiffBlock({ before, after, beforeLabel, afterLabel }: Props) {
  const { way, whole } = useDiffWay();
  const texts = useMemo(() => [bareYamlOfJson(before), bareYamlOfJson(after)] as const, [before, after]);
  return (
    <Diff before={texts[0]} after={texts[1]} beforeLabel={beforeLabel} afterLabel={afterLabel} inline={way === "inline"} whole={whole} />
  );
}
