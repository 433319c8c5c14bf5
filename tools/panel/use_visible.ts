// Whether a panel can be seen: on the screen, in a tab that is shown. What cannot be seen is not fetched.
import { type Ref, useEffect, useState } from "react";

export function useVisible(element: Ref<HTMLElement | null>): boolean {
  const [isOnScreen, setOnScreen] = useState(false);
  const [isShown, setShown] = useState(() => document.visibilityState === "visible");
  useEffect(() => {
    const follow = () => setShown(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", follow);
    return () => document.removeEventListener("visibilitychange", follow);
  }, []);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) => {
      setOnScreen(entries[entries.length - 1]?.isIntersecting === true);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return isOnScreen && isShown;
}
