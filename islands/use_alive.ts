// Whether the page has come to life in the browser.
import { useEffect, useState } from "preact/hooks";

/** False on the server and while the page comes to life: texts of the clock here would differ. */
export function useAlive(): boolean {
  const [isAlive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);
  return isAlive;
}
