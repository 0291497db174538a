import { Button, Menu, Tooltip, type ButtonProps, type MenuItemProps } from "@mantine/core";
import { useId, type ComponentPropsWithoutRef, type MouseEvent, type ReactNode } from "react";
import { useMissing, type Permission } from "../api/permissions.ts";
import { useText } from "../i18n/text.tsx";

interface Needs {
  /** Rights without which the server would refuse. */
  needs?: Permission | readonly Permission[];
  /** Another reason why it cannot be done now, as a sentence. */
  blocked?: string | undefined;
}

/** Why something cannot be done: the missing rights, or another reason; undefined where it can. */
export function useObstacle({ needs = [], blocked }: Needs): string | undefined {
  const t = useText();
  const missing = useMissing("resource" in needs ? [needs] : needs);
  return missing.length > 0 ? t("permission.missing", { permission: missing.join("; ") }) : blocked;
}

type Props = Needs & ButtonProps & Omit<ComponentPropsWithoutRef<"button">, keyof ButtonProps>;

/** A button that says what stands in its way, by pointer, keyboard and screen reader, instead of failing once it is pressed. */
export function ActionButton({ needs, blocked, onClick, loading, ...rest }: Props) {
  const obstacle = useObstacle({ ...(needs && { needs }), blocked });
  const id = useId();
  const stop = (event: MouseEvent): void => event.preventDefault();
  // Busy, it does nothing but keeps the focus, which a button that is switched off would lose.
  if (obstacle === undefined) return <Button {...rest} {...(loading === true && { "aria-busy": true, "data-busy": true })} onClick={loading === true ? stop : onClick} />;
  return (
    <>
      <Tooltip label={obstacle} events={{ hover: true, focus: true, touch: true }} multiline maw={320}>
        <Button {...rest} data-disabled aria-disabled="true" aria-describedby={id} onClick={stop} />
      </Tooltip>
      <span id={id} className="hidden-text">
        {obstacle}
      </span>
    </>
  );
}

type ItemProps = Needs & MenuItemProps & Omit<ComponentPropsWithoutRef<"button">, keyof MenuItemProps> & { children: ReactNode };

/** The same in a menu, where the reason stands below the words. */
export function ActionItem({ needs, blocked, children, onClick, ...rest }: ItemProps) {
  const obstacle = useObstacle({ ...(needs && { needs }), blocked });
  if (obstacle === undefined)
    return (
      <Menu.Item {...rest} onClick={onClick}>
        {children}
      </Menu.Item>
    );
  return (
    <Menu.Item {...rest} data-disabled aria-disabled="true" closeMenuOnClick={false}>
      {children}
      <small className="obstacle">{obstacle}</small>
    </Menu.Item>
  );
}
