import { useState } from "react";

/** Does one thing at a time, with what went wrong kept until the next attempt. */
export function useSubmit(): { busy: boolean; error: unknown; setError: (error: unknown) => void; submit: (work: () => Promise<unknown>) => Promise<boolean> } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(thrown);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, setError, submit };
}
