// What stands in place of a page or a camera that is not there (any more).

const TEXT = {
  title: "Not found",
  noCamera: (id: string) => `The hub has no camera “${id}”. It may have been removed.`,
  home: "Back to the cameras",
};

/** The words for a camera that is not there. */
export function noCameraText(id: string): string {
  return TEXT.noCamera(id);
}

export function Missing({ message }: { message: string }) {
  return (
    <div class="empty">
      <h1>{TEXT.title}</h1>
      <p>{message}</p>
      <a class="button is-primary" href="/">{TEXT.home}</a>
    </div>
  );
}
