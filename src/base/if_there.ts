// Files that may be gone.

/** What the work gives; undefined where its file or folder is not there. @throws what else goes wrong with it. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
