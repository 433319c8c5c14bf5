// Positions that the camera stores.
import { HubError } from "../../base/errors.ts";
import type { OnvifPosition } from "./ptz_spaces.ts";
import { ignored } from "./requests.ts";
import type { OnvifSession } from "./session.ts";
import { known } from "./values.ts";
import { childrenOf, escapeXml, find, textAt, type XmlElement } from "./xml.ts";

/** A stored position. */
export interface OnvifPreset {
  token: string;
  name: string;
  position?: OnvifPosition;
}

const MAX_PRESETS = 500;

/** The presets of one profile. */
export class OnvifPresets {
  readonly #session: OnvifSession;
  readonly #profile: string;
  readonly #readPosition: (element: XmlElement | undefined) => OnvifPosition;

  /** @param readPosition translates a position from the camera's units. */
  constructor(
    session: OnvifSession,
    profileToken: string,
    readPosition: (element: XmlElement | undefined) => OnvifPosition,
  ) {
    this.#session = session;
    this.#profile = escapeXml(profileToken);
    this.#readPosition = readPosition;
  }

  /** Reads the presets; two may have the same name. */
  async list(signal: AbortSignal): Promise<OnvifPreset[]> {
    const answer = await this.#session.call(
      () => this.#session.write((cam) => cam.getPresets({ profileToken: this.#profile }, ignored)),
      { signal },
    );
    return childrenOf(answer, "Preset").slice(0, MAX_PRESETS).flatMap((preset) => {
      const token = preset.attributes.get("token");
      if (!token) return [];
      const place = this.#readPosition(find(preset, "PTZPosition"));
      const position = Object.keys(place).length > 0 ? place : undefined;
      return [known({ token, name: textAt(preset, "Name") ?? token, position })];
    });
  }

  /**
   * Stores the present position and returns its token.
   * @param token of the preset to be replaced; undefined makes a new one.
   */
  async save(name: string, token: string | undefined, signal: AbortSignal): Promise<string> {
    const options = {
      profileToken: this.#profile,
      presetName: escapeXml(name),
      ...(token === undefined ? {} : { presetToken: escapeXml(token) }),
    };
    const answer = await this.#session.call(
      () => this.#session.write((cam) => cam.setPreset(options, ignored)),
      { signal },
    );
    const stored = textAt(answer, "PresetToken") ?? token;
    if (stored !== undefined) return stored;
    throw new HubError("device_rejected", "The camera did not say where it stored the position");
  }

  /** @throws HubError `not_found` or `device_rejected` for a token that the camera does not know. */
  async recall(token: string, signal: AbortSignal): Promise<void> {
    const options = { profileToken: this.#profile, preset: escapeXml(token) };
    await this.#session.call(() => this.#session.write((cam) => cam.gotoPreset(options, ignored)), {
      signal,
    });
  }

  /** @throws HubError `not_found` or `device_rejected` for a token that the camera does not know. */
  async remove(token: string, signal: AbortSignal): Promise<void> {
    const options = { profileToken: this.#profile, presetToken: escapeXml(token) };
    await this.#session.call(() => this.#session.write((cam) => cam.removePreset(options, ignored)), {
      signal,
    });
  }
}
