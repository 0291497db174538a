import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useText } from "../i18n/text.tsx";

interface Props {
  /** What is shown now; the next one is tried afresh. */
  of: string;
  children: ReactNode;
}

interface State {
  of: string;
  failed: { error: unknown } | undefined;
}

/** A fault of the page in what it holds is said there, and the ways to elsewhere stay. */
export class Guard extends Component<Props, State> {
  override state: State = { of: this.props.of, failed: undefined };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failed: { error } };
  }

  static getDerivedStateFromProps({ of }: Props, state: State): State | null {
    return state.of === of ? null : { of, failed: undefined };
  }

  override render(): ReactNode {
    return this.state.failed === undefined ? this.props.children : <Failed error={this.state.failed.error} />;
  }
}

function Failed({ error }: { error: unknown }) {
  const t = useText();
  return (
    <div role="alert" className="notice failed">
      <p>{t("error.page")}</p>
      <pre>{error instanceof Error ? error.message : String(error)}</pre>
      <Button variant="default" onClick={() => location.reload()}>
        {t("error.reload")}
      </Button>
    </div>
  );
}
