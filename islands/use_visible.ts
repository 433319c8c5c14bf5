// Tells whether an element can be seen now, so that hidden pictures cost nothing.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

const MARGIN = "120px";

/** True while the element is on or near the screen and the page is in front. False on the server. */
export function useVisible(element: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(false);
  const [inFront, setInFront] = useState(false);
  useEffect(() => {
    const update = () => setInFront(document.visibilityState === "visible");
    update();
    document.addEventListener("visibilitychange", update);
    return () => document.removeEventListener("visibilitychange", update);
  }, []);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: MARGIN },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return near && inFront;
}
