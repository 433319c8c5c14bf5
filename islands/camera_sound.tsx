// Lets one hear a camera. The sound is fetched only while it is wanted.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CameraView, ProblemView } from "../src/operations/views.ts";
import { cameraPath } from "./api.ts";
import { Icon } from "./icon.tsx";
import { playSound, type SoundEvents } from "./live_sound.ts";
import { ProblemNotice } from "./problem_notice.tsx";

const TEXT = {
  listen: "Listen",
  starting: "The sound is starting…",
  volume: "Volume",
  ended: "The sound has ended.",
  unplayable: "This browser cannot play the sound of this camera.",
};

/** Whether a camera may have sound: one that sends a film, not pictures. */
export function mayHaveSound({ status, stream }: CameraView): boolean {
  return status !== "disabled" && stream !== undefined && ["h264", "h265"].includes(stream.codec);
}

type Sound = "off" | "starting" | "playing";

export function CameraSound({ camera }: { camera: string }) {
  const [sound, setSound] = useState<Sound>("off");
  const [volume, setVolume] = useState(1);
  const [note, setNote] = useState<string>();
  const [problem, setProblem] = useState<ProblemView>();
  const end = (why: string | undefined, what: ProblemView | undefined) => {
    setSound("off");
    setNote(why);
    setProblem(what);
  };
  const toggle = () => {
    end(undefined, undefined);
    if (sound === "off") setSound("starting");
  };
  const off = sound === "off";
  return (
    <div class="sound">
      <button type="button" class="button" aria-pressed={!off} onClick={toggle}>
        <Icon name="sound" /> {TEXT.listen}
      </button>
      {!off && (
        <>
          <VolumeSlider volume={volume} onChange={setVolume} />
          <Player
            camera={camera}
            volume={volume}
            events={{
              playing: () => setSound("playing"),
              ended: () => end(TEXT.ended, undefined),
              failed: (what) => end(what ? undefined : TEXT.unplayable, what),
            }}
          />
        </>
      )}
      <p class="muted" role="status">{sound === "starting" ? TEXT.starting : note}</p>
      {problem && <ProblemNotice problem={problem} onDismiss={() => setProblem(undefined)} />}
    </div>
  );
}

function VolumeSlider({ volume, onChange }: { volume: number; onChange: (volume: number) => void }) {
  const id = useId();
  return (
    <>
      <label class="visually-hidden" for={id}>{TEXT.volume}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={String(volume)}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
    </>
  );
}

interface PlayerProps {
  camera: string;
  volume: number;
  events: SoundEvents;
}

function Player({ camera, volume, events }: PlayerProps) {
  const element = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (element.current) element.current.volume = volume;
  }, [volume]);
  useEffect(() => {
    if (element.current) return playSound(element.current, `${cameraPath(camera)}/audio`, events);
  }, [camera]);
  return <audio ref={element} />;
}
