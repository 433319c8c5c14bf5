// What is remembered of a Tapo device so that nothing else can pose as it, and when that may change.
import type { DeviceMemory } from "../../devices/memory.ts";
import type { SealedMemory } from "../../protocols/tapo/login.ts";
import type { CertificatePin } from "../../protocols/tapo/transport.ts";
import type { PersonsWord } from "./persons_word.ts";

/** With what it is decided. */
export interface Judgement {
  memory: DeviceMemory;
  word: PersonsWord;
}

/** A person who connects the camera again accepts that it knows the old login only. */
export function sealedMemory(device: string, { memory, word }: Judgement): SealedMemory {
  return {
    wasSealed: async () => {
      if (await memory.read(device, "login") !== "sealed") return false;
      if (!word.take()) return true;
      await memory.write(device, "login", undefined);
      return false;
    },
    noteSealed: () => memory.write(device, "login", "sealed"),
  };
}

const CERTIFICATE = "certificate";
/** The one that was refused last, of which a person has been told. */
const REFUSED_CERTIFICATE = "refused certificate";

/** A person who connects the camera again accepts the certificate that was refused before, and no other. */
export function certificatePin(device: string, { memory, word }: Judgement): CertificatePin {
  return {
    read: () => memory.read(device, CERTIFICATE),
    write: async (fingerprint) => {
      await memory.write(device, CERTIFICATE, fingerprint);
      await memory.write(device, REFUSED_CERTIFICATE, undefined);
    },
    accepts: async (fingerprint) => {
      if (word.take() && await memory.read(device, REFUSED_CERTIFICATE) === fingerprint) return true;
      await memory.write(device, REFUSED_CERTIFICATE, fingerprint);
      return false;
    },
  };
}

/** Who only tries an account learns of another certificate, and leaves what is known of the device as it is. */
export function trialPin(device: string, { memory }: Pick<Judgement, "memory">): CertificatePin {
  let first: string | undefined;
  return {
    read: async () => await memory.read(device, CERTIFICATE) ?? first,
    write: (fingerprint) => {
      first = fingerprint;
      return Promise.resolve();
    },
  };
}
