// Where the pictures of alerts come from: the cameras, and what was kept when an event began.
import type { AlertPictures } from "../alerts/message_pictures.ts";
import { abortable } from "../base/scope.ts";
import { fittingSnapshot } from "../mcp/snapshot.ts";
import type { Hub } from "../operations/hub.ts";
import type { Launcher } from "../process/launcher.ts";
import type { EventPictures } from "../recordings/event_pictures.ts";

/** What they are looked for in. */
interface Parts {
  hub: Pick<Hub, "manager" | "media" | "clock" | "journal" | "eventPictures">;
  launcher: Launcher;
  eventPictureTaker: Pick<EventPictures, "idOf">;
}

/** Pictures for alerts: none leaves without the privacy zones covered. */
export function alertPictures({ hub, launcher, eventPictureTaker }: Parts): AlertPictures {
  return {
    now: fittingSnapshot({ hub, launcher }),
    ofEvent: async (seq, signal) => {
      const event = await hub.journal.get(seq);
      // The message is in a hurry, and the picture may still be on its way.
      const id = await abortable(eventPictureTaker.idOf(event), signal);
      return id === undefined ? undefined : await hub.eventPictures.read(id);
    },
    masked: (cameraId, picture, signal) => hub.media.masked(cameraId, new Uint8Array(picture), signal),
  };
}
