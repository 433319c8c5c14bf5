// What should be known of a camera although it works, and what it did not tell.
import type { CameraDetailView } from "../src/operations/views.ts";
import { localTimes } from "./format.ts";
import { Icon } from "./icon.tsx";
import { unreadParts } from "./unread_parts.ts";

const TEXT = { unread: "Not everything could be read from the camera:" };

export function CameraNotices({ camera: { notices = [], controls, reason } }: { camera: CameraDetailView }) {
  const unread = unreadParts(controls?.problems ?? [], reason);
  return (
    <>
      {notices.map((notice) => (
        <div key={notice} class="notice">
          <Icon name="warning" />
          <p class="notice-text">{notice}</p>
        </div>
      ))}
      {unread.length > 0 && (
        <div class="notice is-warning">
          <Icon name="warning" />
          <div class="notice-text">
            <p>{TEXT.unread}</p>
            <ul>
              {unread.map(({ parts, message }) => (
                <li key={message}>{parts}: {localTimes(message, Date.now())}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </>
  );
}
