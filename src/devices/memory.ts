// What the hub has learnt of a device and must not forget: lockouts, refused passwords, certificates.

/** Small texts by device and name, kept over restarts where the disk allows. */
export interface DeviceMemory {
  /** @param device a name for the physical device, for example `tapo 192.168.1.20`. */
  read(device: string, name: string): Promise<string | undefined>;
  /** Undefined forgets it. */
  write(device: string, name: string, value: string | undefined): Promise<void>;
}

/** A memory that lasts as long as the program: for commands that run without a hub. */
export class VolatileMemory implements DeviceMemory {
  readonly #values = new Map<string, string>();

  read(device: string, name: string): Promise<string | undefined> {
    return Promise.resolve(this.#values.get(`${device}\n${name}`));
  }

  write(device: string, name: string, value: string | undefined): Promise<void> {
    if (value === undefined) this.#values.delete(`${device}\n${name}`);
    else this.#values.set(`${device}\n${name}`, value);
    return Promise.resolve();
  }
}
