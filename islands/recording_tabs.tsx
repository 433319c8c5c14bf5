// The head of the page of recordings: its title, and the way between timeline and list.

const TEXT = { title: "Recordings", views: "Views", timeline: "Timeline", list: "List" };

export interface RecordingTabsProps {
  view: "timeline" | "list";
  camera?: string | undefined;
}

export function RecordingTabs({ view, camera }: RecordingTabsProps) {
  const of = camera ? `camera=${encodeURIComponent(camera)}` : "";
  const tab = (own: "timeline" | "list", href: string) => (
    <a href={href} {...(view === own ? { "aria-current": "page" as const } : {})}>{TEXT[own]}</a>
  );
  return (
    <div class="page-head recording-head">
      <h1>{TEXT.title}</h1>
      <nav class="tabs" aria-label={TEXT.views}>
        {tab("timeline", of ? `/recordings?${of}` : "/recordings")}
        {tab("list", `/recordings?view=list${of && `&${of}`}`)}
      </nav>
    </div>
  );
}
