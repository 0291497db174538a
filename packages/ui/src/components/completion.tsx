import { Autocomplete, type AutocompleteProps } from "@mantine/core";
import { useState } from "react";

const MOST = 100;
const AT_ONCE = { transitionProps: { duration: 0 } };

/** A text field that knows what could stand in it: everything when it is entered, what fits once somebody types. */
export function Completion({ onFocus, onOptionSubmit, ...rest }: Omit<AutocompleteProps, "filter" | "limit" | "onInput">) {
  const [typing, setTyping] = useState(false);
  return (
    <Autocomplete
      {...rest}
      limit={MOST}
      comboboxProps={AT_ONCE}
      autoComplete="off"
      spellCheck={false}
      {...(!typing && { filter: ({ options }) => options })}
      onInput={() => setTyping(true)}
      onFocus={(event) => {
        setTyping(false);
        onFocus?.(event);
      }}
      onOptionSubmit={(value) => {
        setTyping(false);
        onOptionSubmit?.(value);
      }}
    />
  );
}
