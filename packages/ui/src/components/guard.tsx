import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useText } from "../i18n/text.tsx";

interface State {
  failed: { error: unknown } | undefined;
}

/** A fault of the page in what it holds is said there, and the ways to elsewhere stay. With another key it tries what it holds then afresh. */
export class Guard extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { failed: { error } };
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
