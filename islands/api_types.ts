// Generated from the list of operations by "make generate". Not to be edited.

/** What each operation takes and answers. */
export interface Operations {
  list_cameras: {
    input: {
      type?: string;
      status?:
        | "online"
        | "connecting"
        | "offline"
        | "auth_required"
        | "locked_out"
        | "unsupported"
        | "disabled";
    };
    output: {
      success: true;
      cameras: {
        id: string;
        name: string;
        type: string;
        origin: "file" | "store" | "auto";
        enabled: boolean;
        status:
          | "online"
          | "connecting"
          | "offline"
          | "auth_required"
          | "locked_out"
          | "unsupported"
          | "disabled";
        reason?: string;
        hint?: string;
        since: string;
        next_try_at?: string;
        capabilities: string[];
        privacy_zones?: true;
        covered?: true;
        stream?: {
          running: boolean;
          codec: string;
          source?: "main" | "sub";
          viewers: number;
          width?: number;
          height?: number;
          fps?: number;
          bytes_per_second?: number;
          age_ms?: number;
          frames_total: number;
          bytes_total: number;
          dropped_total: number;
          damaged_total: number;
          restarts_total: number;
        };
        links: { page: string; stream?: string; snapshot?: string };
      }[];
      total: number;
    };
  };
  add_camera: {
    input: {
      id?: string;
      name?: string;
      type: string;
      host?: string;
      device?: string;
      username?: string;
      password?: string;
      cloud_password?: string;
      stream_url?: string;
      options?: Record<string, unknown>;
      options_of?: string;
      force?: boolean;
      dry_run?: boolean;
    };
    output: {
      success: true;
      camera: {
        id: string;
        name: string;
        type: string;
        status:
          | "online"
          | "connecting"
          | "offline"
          | "auth_required"
          | "locked_out"
          | "unsupported"
          | "disabled";
        reason?: string;
        hint?: string;
        since: string;
        [field: string]: unknown;
      };
      checks?: {
        account: string;
        title: string;
        state: "ok" | "refused" | "locked_out" | "unreachable" | "missing" | "not_tried" | "failed";
        message: string;
        hint?: string;
        retry_at?: string;
      }[];
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  check_camera: {
    input: {
      type: string;
      host?: string;
      device?: string;
      username?: string;
      password?: string;
      cloud_password?: string;
      stream_url?: string;
      options?: Record<string, unknown>;
      options_of?: string;
      dry_run?: boolean;
    };
    output: {
      success: true;
      checks: {
        account: string;
        title: string;
        state: "ok" | "refused" | "locked_out" | "unreachable" | "missing" | "not_tried" | "failed";
        message: string;
        hint?: string;
        retry_at?: string;
      }[];
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  update_camera: {
    input: {
      camera_id?: string;
      name?: string;
      enabled?: boolean;
      options?: Record<string, unknown>;
      dry_run?: boolean;
    };
    output: {
      success: true;
      camera: {
        id: string;
        name: string;
        type: string;
        status:
          | "online"
          | "connecting"
          | "offline"
          | "auth_required"
          | "locked_out"
          | "unsupported"
          | "disabled";
        reason?: string;
        hint?: string;
        since: string;
        [field: string]: unknown;
      };
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  remove_camera: {
    input: { camera_id?: string; dry_run?: boolean; confirm?: boolean };
    output: { success: true; camera_id: string; verified: "readback" | "acknowledged" | "unverified" };
  };
  connect_camera: {
    input: { camera_id?: string; dry_run?: boolean };
    output: {
      success: true;
      camera: {
        id: string;
        name: string;
        type: string;
        status:
          | "online"
          | "connecting"
          | "offline"
          | "auth_required"
          | "locked_out"
          | "unsupported"
          | "disabled";
        reason?: string;
        hint?: string;
        since: string;
        [field: string]: unknown;
      };
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  disconnect_camera: {
    input: { camera_id?: string; dry_run?: boolean };
    output: {
      success: true;
      camera: {
        id: string;
        name: string;
        type: string;
        status:
          | "online"
          | "connecting"
          | "offline"
          | "auth_required"
          | "locked_out"
          | "unsupported"
          | "disabled";
        reason?: string;
        hint?: string;
        since: string;
        [field: string]: unknown;
      };
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  get_camera_info: {
    input: { camera_id?: string };
    output: {
      success: true;
      camera: {
        id: string;
        name: string;
        type: string;
        origin: "file" | "store" | "auto";
        enabled: boolean;
        status:
          | "online"
          | "connecting"
          | "offline"
          | "auth_required"
          | "locked_out"
          | "unsupported"
          | "disabled";
        reason?: string;
        hint?: string;
        since: string;
        next_try_at?: string;
        capabilities: string[];
        privacy_zones?: true;
        covered?: true;
        stream?: {
          running: boolean;
          codec: string;
          source?: "main" | "sub";
          viewers: number;
          width?: number;
          height?: number;
          fps?: number;
          bytes_per_second?: number;
          age_ms?: number;
          frames_total: number;
          bytes_total: number;
          dropped_total: number;
          damaged_total: number;
          restarts_total: number;
        };
        links: { page: string; stream?: string; snapshot?: string };
        options?: Record<string, unknown>;
        device?: Record<string, string>;
        modes?: { format: string; width: number; height: number; fps: number[] }[];
        ptz_axes?: ("pan" | "tilt" | "zoom")[];
        settings?: {
          name: string;
          title: string;
          kind: "number" | "boolean" | "choice" | "action";
          value?: number | boolean | string;
          default?: number | boolean | string;
          min?: number;
          max?: number;
          step?: number;
          choices?: { value: string; title: string }[];
          inactive?: boolean;
        }[];
        controls?: {
          privacy?: boolean;
          led?: boolean;
          motion?: { enabled?: boolean; sensitivity?: number };
          siren_active?: boolean;
          presets?: { id: string; name: string; position?: { pan?: number; tilt?: number; zoom?: number } }[];
          storage?: { id: string; state: string; total_bytes?: number; free_bytes?: number }[];
          power?: { asleep?: boolean; battery_percent?: number; charging?: boolean };
          problems?: { what: string; message: string }[];
        };
        motion?: {
          by: "hub" | "camera" | "nobody";
          state: "off" | "starting" | "running" | "waiting";
          reason?: string;
          [field: string]: unknown;
        };
        privacy: {
          zones: { name?: string; points: { x: number; y: number }[] }[];
          style: "black" | "blur";
          covered_for_you: boolean;
        };
        children?: {
          title: string;
          type: string;
          suggested_id: string;
          options?: Record<string, unknown>;
          options_of: string;
          camera_id?: string;
        }[];
        notices?: string[];
        viewers: {
          watched_s: number;
          frames: number;
          bytes: number;
          dropped: number;
          fps?: number;
          age_ms?: number;
        }[];
      };
    };
  };
  get_camera_status: {
    input: { camera_id?: string };
    output: {
      success: true;
      cameras: {
        id: string;
        name: string;
        type: string;
        status:
          | "online"
          | "connecting"
          | "offline"
          | "auth_required"
          | "locked_out"
          | "unsupported"
          | "disabled";
        reason?: string;
        hint?: string;
        since: string;
        [field: string]: unknown;
      }[];
    };
  };
  discover_devices: {
    input: { type?: string };
    output: {
      success: true;
      devices: {
        type: string;
        title: string;
        options: Record<string, unknown>;
        needs?: string[];
        camera_id?: string;
        details: Record<string, string>;
      }[];
    };
  };
  move_ptz: {
    input: {
      camera_id?: string;
      pan?: number;
      tilt?: number;
      zoom?: number;
      speed?: number;
      relative?: boolean;
      duration_ms?: number;
      dry_run?: boolean;
    };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      position?: { pan?: number; tilt?: number; zoom?: number };
    };
  };
  get_ptz_position: {
    input: { camera_id?: string };
    output: {
      success: true;
      camera_id: string;
      known: boolean;
      position: { pan?: number; tilt?: number; zoom?: number };
    };
  };
  stop_ptz: {
    input: { camera_id?: string; dry_run?: boolean };
    output: { success: true; camera_id: string; verified: "readback" | "acknowledged" | "unverified" };
  };
  go_to_home_ptz: {
    input: { camera_id?: string; dry_run?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      preset?: { id: string; name: string; position?: { pan?: number; tilt?: number; zoom?: number } };
    };
  };
  get_ptz_presets: {
    input: { camera_id?: string };
    output: {
      success: true;
      camera_id: string;
      presets: { id: string; name: string; position?: { pan?: number; tilt?: number; zoom?: number } }[];
    };
  };
  save_ptz_preset: {
    input: { camera_id?: string; name: string; preset_id?: string; dry_run?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      preset: { id: string; name: string; position?: { pan?: number; tilt?: number; zoom?: number } };
    };
  };
  recall_ptz_preset: {
    input: { camera_id?: string; preset_id?: string; name?: string; dry_run?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      preset: { id: string; name: string; position?: { pan?: number; tilt?: number; zoom?: number } };
    };
  };
  delete_ptz_preset: {
    input: { camera_id?: string; preset_id?: string; name?: string; dry_run?: boolean; confirm?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      preset: { id: string; name: string; position?: { pan?: number; tilt?: number; zoom?: number } };
    };
  };
  start_ptz_patrol: {
    input: { camera_id?: string; duration_s?: number; dry_run?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      state: "patrolling" | "over" | "overruled";
    };
  };
  stop_ptz_patrol: {
    input: { camera_id?: string; dry_run?: boolean };
    output: { success: true; camera_id: string; verified: "readback" | "acknowledged" | "unverified" };
  };
  capture_image: {
    input: {
      camera_id?: string;
      quality?: "low" | "medium" | "high";
      width?: number;
      save?: boolean;
      return_image?: boolean;
    };
    output: {
      success: true;
      camera_id: string;
      captured_at: string;
      age_ms: number;
      width: number;
      height: number;
      size_bytes: number;
      mime_type: "image/jpeg";
      full: { width: number; height: number; size_bytes: number };
      uri: string;
      url?: string;
      saved?: { id: string; path: string; size_bytes: number };
      image_base64?: string;
    };
  };
  start_recording: {
    input: {
      camera_id?: string;
      duration_s?: number;
      pre_roll_s?: number;
      wait?: boolean;
      dry_run?: boolean;
    };
    output: {
      success: true;
      camera_id: string;
      recording_id: string;
      state: "recording" | "over";
      started_at: string;
      ends_at?: string;
      pre_roll_s: number;
      size_bytes: number;
      ended_because?:
        | "stopped"
        | "duration"
        | "disk_full"
        | "camera_lost"
        | "camera_stopped"
        | "camera_removed"
        | "hub_stopped"
        | "failed"
        | "interrupted"
        | "segment"
        | "rule_ended"
        | "replaced"
        | "privacy"
        | "folder_missing";
      recordings?: {
        id: string;
        recording_id: string;
        part: number;
        camera_id: string;
        started_at: string;
        ended_at: string;
        duration_s: number;
        size_bytes: number;
        pre_roll_s: number;
        codec?: string;
        width?: number;
        height?: number;
        has_sound: boolean;
        ended_because:
          | "stopped"
          | "duration"
          | "disk_full"
          | "camera_lost"
          | "camera_stopped"
          | "camera_removed"
          | "hub_stopped"
          | "failed"
          | "interrupted"
          | "segment"
          | "rule_ended"
          | "replaced"
          | "privacy"
          | "folder_missing";
        cause: "manual" | "continuous" | "event";
        has_event: boolean;
        locked: boolean;
        missing?: true;
        gaps: { from: string; to: string; reason: string }[];
        links: { video: string; download: string };
      }[];
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  stop_recording: {
    input: { camera_id?: string; dry_run?: boolean };
    output: {
      success: true;
      camera_id: string;
      recording_id: string;
      ended_because:
        | "stopped"
        | "duration"
        | "disk_full"
        | "camera_lost"
        | "camera_stopped"
        | "camera_removed"
        | "hub_stopped"
        | "failed"
        | "interrupted"
        | "segment"
        | "rule_ended"
        | "replaced"
        | "privacy"
        | "folder_missing";
      recordings: {
        id: string;
        recording_id: string;
        part: number;
        camera_id: string;
        started_at: string;
        ended_at: string;
        duration_s: number;
        size_bytes: number;
        pre_roll_s: number;
        codec?: string;
        width?: number;
        height?: number;
        has_sound: boolean;
        ended_because:
          | "stopped"
          | "duration"
          | "disk_full"
          | "camera_lost"
          | "camera_stopped"
          | "camera_removed"
          | "hub_stopped"
          | "failed"
          | "interrupted"
          | "segment"
          | "rule_ended"
          | "replaced"
          | "privacy"
          | "folder_missing";
        cause: "manual" | "continuous" | "event";
        has_event: boolean;
        locked: boolean;
        missing?: true;
        gaps: { from: string; to: string; reason: string }[];
        links: { video: string; download: string };
      }[];
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  get_recording_status: {
    input: { camera_id?: string };
    output: {
      success: true;
      cameras: {
        camera_id: string;
        recording: boolean;
        state: "idle" | "starting" | "recording" | "waiting" | "ending";
        recording_id?: string;
        started_at?: string;
        cause?: "manual" | "continuous" | "event";
        ends_at?: string;
        elapsed_s?: number;
        pre_roll_s?: number;
        size_bytes?: number;
        part?: number;
        reason?: string;
        rule?: {
          mode: "events" | "continuous";
          why:
            | "off"
            | "outside_schedule"
            | "privacy"
            | "continuous"
            | "event"
            | "post_roll"
            | "waiting_for_event";
          next_change?: string;
          kept_s?: number;
          pre_roll_note?: string;
          problem?: string;
        };
        last?: {
          recording_id: string;
          ended_at: string;
          ended_because:
            | "stopped"
            | "duration"
            | "disk_full"
            | "camera_lost"
            | "camera_stopped"
            | "camera_removed"
            | "hub_stopped"
            | "failed"
            | "interrupted"
            | "segment"
            | "rule_ended"
            | "replaced"
            | "privacy"
            | "folder_missing";
          parts: number;
          reason?: string;
        };
      }[];
      total: number;
    };
  };
  list_recordings: {
    input: {
      camera_id?: string;
      from?: number | string;
      to?: number | string;
      before?: string;
      limit?: number;
    };
    output: {
      success: true;
      recordings: {
        id: string;
        recording_id: string;
        part: number;
        camera_id: string;
        started_at: string;
        ended_at: string;
        duration_s: number;
        size_bytes: number;
        pre_roll_s: number;
        codec?: string;
        width?: number;
        height?: number;
        has_sound: boolean;
        ended_because:
          | "stopped"
          | "duration"
          | "disk_full"
          | "camera_lost"
          | "camera_stopped"
          | "camera_removed"
          | "hub_stopped"
          | "failed"
          | "interrupted"
          | "segment"
          | "rule_ended"
          | "replaced"
          | "privacy"
          | "folder_missing";
        cause: "manual" | "continuous" | "event";
        has_event: boolean;
        locked: boolean;
        missing?: true;
        gaps: { from: string; to: string; reason: string }[];
        links: { video: string; download: string };
      }[];
      total: number;
      more: boolean;
    };
  };
  delete_recording: {
    input: { recording_id: string; dry_run?: boolean; confirm?: boolean };
    output: {
      success: true;
      recording_id: string;
      camera_id: string;
      freed_bytes: number;
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  get_recording_rules: {
    input: { camera_id?: string };
    output: {
      success: true;
      camera_id: string;
      recording: {
        mode: "off" | "events" | "continuous";
        schedule: {
          days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
          from: string;
          to: string;
        }[];
        events: Array<
          | "motion"
          | "person"
          | "vehicle"
          | "pet"
          | "sound"
          | "tamper"
          | "line_crossed"
          | "intrusion"
          | "doorbell"
          | "package"
        >;
        pre_roll_s: number;
        post_roll_s: number;
        keep_days?: number;
        keep_gb?: number;
        mjpeg: "encode" | "keep";
      };
      set_here: boolean;
    };
  };
  set_recording_rules: {
    input: {
      camera_id?: string;
      mode?: "off" | "events" | "continuous";
      schedule?: {
        days?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
        from?: string;
        to?: string;
      }[];
      events?: Array<
        | "motion"
        | "person"
        | "vehicle"
        | "pet"
        | "sound"
        | "tamper"
        | "line_crossed"
        | "intrusion"
        | "doorbell"
        | "package"
      >;
      pre_roll_s?: number;
      post_roll_s?: number;
      keep_days?: number | unknown;
      keep_gb?: number | unknown;
      mjpeg?: "encode" | "keep";
      dry_run?: boolean;
    };
    output: {
      success: true;
      camera_id: string;
      recording: {
        mode: "off" | "events" | "continuous";
        schedule: {
          days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
          from: string;
          to: string;
        }[];
        events: Array<
          | "motion"
          | "person"
          | "vehicle"
          | "pet"
          | "sound"
          | "tamper"
          | "line_crossed"
          | "intrusion"
          | "doorbell"
          | "package"
        >;
        pre_roll_s: number;
        post_roll_s: number;
        keep_days?: number;
        keep_gb?: number;
        mjpeg: "encode" | "keep";
      };
      set_here: boolean;
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  lock_recording: {
    input: { recording_id: string; dry_run?: boolean };
    output: {
      success: true;
      recording_id: string;
      locked: boolean;
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  unlock_recording: {
    input: { recording_id: string; dry_run?: boolean };
    output: {
      success: true;
      recording_id: string;
      locked: boolean;
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  get_timeline: {
    input: {
      from: number | string;
      to: number | string;
      camera_ids?: string[];
      kinds?: Array<
        | "motion"
        | "person"
        | "vehicle"
        | "pet"
        | "sound"
        | "tamper"
        | "line_crossed"
        | "intrusion"
        | "doorbell"
        | "package"
        | "camera_state"
        | "alarm"
        | "workflow"
        | "timer"
        | "alert"
        | "gap"
      >;
    };
    output: {
      success: true;
      from: string;
      to: string;
      cameras: {
        camera_id: string;
        recorded: { from: string; to: string; files: number; ended_because: string }[];
        gaps: { from: string; to: string; reason: string }[];
        recording_since?: string;
        events: { seq: number; kind: string; from: string; to?: string; status?: string }[];
        density: { from: string; counts: Record<string, number> }[];
      }[];
      bucket_s?: number;
    };
  };
  locate_recording: {
    input: { camera_id?: string; at: number | string };
    output: {
      success: true;
      camera_id: string;
      at: string;
      recording?: {
        id: string;
        started_at: string;
        ended_at: string;
        duration_s: number;
        locked: boolean;
        links: { video: string; download: string };
      };
      offset_s?: number;
      next?: {
        id: string;
        started_at: string;
        ended_at: string;
        duration_s: number;
        locked: boolean;
        links: { video: string; download: string };
      };
      previous?: {
        id: string;
        started_at: string;
        ended_at: string;
        duration_s: number;
        locked: boolean;
        links: { video: string; download: string };
      };
    };
  };
  export_recording: {
    input: {
      camera_id?: string;
      from: number | string;
      to: number | string;
      wait?: boolean;
      dry_run?: boolean;
    };
    output: {
      success: true;
      export_id: string;
      camera_id: string;
      from: string;
      to: string;
      state: "waiting" | "running" | "done" | "failed" | "cancelled";
      progress: number;
      size_bytes: number;
      asked_at: string;
      expires_at: string;
      file_name: string;
      covered_s?: number;
      gaps?: { from: string; to: string }[];
      reason?: string;
      links?: { video: string; download: string };
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  list_exports: {
    input: Record<string, never>;
    output: {
      success: true;
      exports: {
        export_id: string;
        camera_id: string;
        state: "waiting" | "running" | "done" | "failed" | "cancelled";
        progress: number;
        links?: { video: string; download: string };
        [field: string]: unknown;
      }[];
      total: number;
    };
  };
  delete_export: {
    input: { export_id: string; dry_run?: boolean };
    output: {
      success: true;
      export_id: string;
      camera_id: string;
      state: "waiting" | "running" | "done" | "failed" | "cancelled";
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  set_camera_setting: {
    input: { camera_id?: string; setting: string; value: number | boolean | string; dry_run?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      setting: {
        name: string;
        title: string;
        kind: "number" | "boolean" | "choice" | "action";
        value?: number | boolean | string;
        default?: number | boolean | string;
        min?: number;
        max?: number;
        step?: number;
        choices?: { value: string; title: string }[];
        inactive?: boolean;
      };
      value?: number | boolean | string;
    };
  };
  set_privacy_mode: {
    input: { camera_id?: string; enabled: boolean; dry_run?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      enabled: boolean;
    };
  };
  set_led_enabled: {
    input: { camera_id?: string; enabled: boolean; dry_run?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      enabled: boolean;
    };
  };
  set_motion_detection: {
    input: {
      camera_id?: string;
      enabled: boolean;
      sensitivity?: number;
      zones?: { x: number; y: number; width: number; height: number }[];
      dry_run?: boolean;
    };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      enabled?: boolean;
      sensitivity?: number;
      zones?: { x: number; y: number; width: number; height: number }[];
      reason?: string;
    };
  };
  sound_siren: {
    input: { camera_id?: string; dry_run?: boolean; confirm?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      active?: boolean;
    };
  };
  stop_siren: {
    input: { camera_id?: string; dry_run?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      active?: boolean;
    };
  };
  reboot_camera: {
    input: { camera_id?: string; dry_run?: boolean; confirm?: boolean };
    output: { success: true; camera_id: string; verified: "readback" | "acknowledged" | "unverified" };
  };
  format_camera_storage: {
    input: { camera_id?: string; storage_id?: string; dry_run?: boolean; confirm?: boolean };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      storage_id: string;
      state?: string;
    };
  };
  list_camera_recordings: {
    input: { camera_id?: string; day: string };
    output: {
      success: true;
      camera_id: string;
      days?: string[];
      recordings?: { start: string; end: string; kind?: string }[];
    };
  };
  get_motion_detection: {
    input: { camera_id?: string };
    output: {
      success: true;
      camera_id: string;
      motion?: {
        by: "hub" | "camera" | "nobody";
        state: "off" | "starting" | "running" | "waiting";
        reason?: string;
        [field: string]: unknown;
      };
      sight?: {
        at: string;
        score: number;
        area: number;
        unsteady: boolean;
        columns: number;
        rows: number;
        cells: number[];
      };
    };
  };
  set_motion_rules: {
    input: {
      camera_id?: string;
      detector?: "auto" | "camera" | "hub" | "off";
      sensitivity?: number;
      zones?: { name?: string; points: { x: number; y: number }[] }[];
      ignore?: { name?: string; points: { x: number; y: number }[] }[];
      min_area?: number;
      min_duration_s?: number;
      dry_run?: boolean;
    };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      motion?: {
        by: "hub" | "camera" | "nobody";
        state: "off" | "starting" | "running" | "waiting";
        reason?: string;
        [field: string]: unknown;
      };
    };
  };
  set_privacy_zones: {
    input: {
      camera_id?: string;
      zones: { name?: string; points: { x: number; y: number }[] }[];
      style?: "black" | "blur";
      dry_run?: boolean;
      confirm?: boolean;
    };
    output: {
      success: true;
      camera_id: string;
      verified: "readback" | "acknowledged" | "unverified";
      zones: { name?: string; points: { x: number; y: number }[] }[];
      style: "black" | "blur";
    };
  };
  list_events: {
    input: {
      camera_id?: string;
      kind?:
        | "motion"
        | "person"
        | "vehicle"
        | "pet"
        | "sound"
        | "tamper"
        | "line_crossed"
        | "intrusion"
        | "doorbell"
        | "package"
        | "camera_state"
        | "recording"
        | "alarm"
        | "workflow"
        | "timer"
        | "alert"
        | "login"
        | "config_change"
        | "gap";
      from?: number | string;
      to?: number | string;
      after?: number;
      before?: number;
      limit?: number;
    };
    output: {
      success: true;
      events: {
        seq: number;
        change: number;
        camera_id?: string;
        kind:
          | "motion"
          | "person"
          | "vehicle"
          | "pet"
          | "sound"
          | "tamper"
          | "line_crossed"
          | "intrusion"
          | "doorbell"
          | "package"
          | "camera_state"
          | "recording"
          | "alarm"
          | "workflow"
          | "timer"
          | "alert"
          | "login"
          | "config_change"
          | "gap";
        source: string;
        started_at: string;
        ended_at?: string;
        device_at?: string;
        duration_s?: number;
        count: number;
        active: boolean;
        details?: Record<string, string | number | boolean>;
        snapshot?: string;
      }[];
      change: number;
      oldest: number;
      more: boolean;
      reached?: number;
    };
  };
  list_alerts: {
    input: {
      state?: "firing" | "resolved" | "unacknowledged";
      camera_id?: string;
      before?: number;
      limit?: number;
    };
    output: {
      success: true;
      alerts: {
        id: number;
        rule: string;
        severity: "info" | "warning" | "critical";
        state: "firing" | "resolved";
        title: string;
        text: string;
        kind: string;
        camera_id?: string;
        started_at: string;
        last_at: string;
        ended_at?: string;
        count: number;
        event_seq?: number;
        value?: number;
        muted?: "quiet_hours" | "snoozed";
        acknowledged: boolean;
        acknowledged_at?: string;
        acknowledged_by?: string;
        note?: string;
        deliveries: {
          channel: string;
          tells: "firing" | "resolved";
          state: "waiting" | "delivered" | "given_up";
          at?: string;
          attempts: number;
          error?: string;
        }[];
      }[];
      more: boolean;
      firing: number;
      unacknowledged: number;
      waiting: number;
      dead_letters: number;
    };
  };
  acknowledge_alert: {
    input: { alert_id?: number; all?: boolean; note?: string; dry_run?: boolean };
    output: {
      success: true;
      acknowledged: number;
      acknowledged_by?: string;
      note?: string;
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  snooze_alerts: {
    input: { camera_id?: string; rule?: string; minutes: number; dry_run?: boolean };
    output: {
      success: true;
      snoozes: { camera_id?: string; rule?: string; until: string }[];
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  list_alert_rules: {
    input: Record<string, never>;
    output: {
      success: true;
      rules: {
        id: string;
        severity: "info" | "warning" | "critical";
        when: string;
        cameras: string[];
        armed: "always" | "when_armed";
        modes: string[];
        channels: string[];
      }[];
      channels: { id: string; type: string; does?: string }[];
      snoozes: { camera_id?: string; rule?: string; until: string }[];
      mode: "home" | "away" | "night" | "disarmed";
    };
  };
  test_alert_channel: {
    input: { channel: string; camera_id?: string; dry_run?: boolean };
    output: {
      success: true;
      channel: string;
      type: string;
      took_ms: number;
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  list_dead_letters: {
    input: { limit?: number };
    output: {
      success: true;
      dead_letters: {
        id: number;
        alert_id: number;
        channel: string;
        tells: "firing" | "resolved";
        title?: string;
        created_at: string;
        gave_up_at: string;
        attempts: number;
        error: string;
      }[];
      total: number;
    };
  };
  retry_dead_letters: {
    input: { dead_letter_id?: number; dry_run?: boolean };
    output: {
      success: true;
      retried: number;
      at: string;
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  discard_dead_letters: {
    input: { dead_letter_id?: number; dry_run?: boolean; confirm?: boolean };
    output: { success: true; discarded: number; verified: "readback" | "acknowledged" | "unverified" };
  };
  get_alarm_mode: {
    input: Record<string, never>;
    output: {
      success: true;
      mode: "home" | "away" | "night" | "disarmed";
      cameras: { camera_id: string; mode: "home" | "away" | "night" | "disarmed"; own: boolean }[];
    };
  };
  set_alarm_mode: {
    input: {
      mode: "home" | "away" | "night" | "disarmed" | "as_house";
      camera_id?: string;
      dry_run?: boolean;
    };
    output: {
      success: true;
      mode: "home" | "away" | "night" | "disarmed";
      cameras: { camera_id: string; mode: "home" | "away" | "night" | "disarmed"; own: boolean }[];
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  list_timers: {
    input: Record<string, never>;
    output: {
      success: true;
      timers: {
        timer_id: number;
        name: string;
        state: "running" | "done";
        remaining_s: number;
        duration_s: number;
        ends_at: string;
        ended_at?: string;
        late_s?: number;
        zone?: string;
        camera_id?: string;
      }[];
    };
  };
  set_timer: {
    input: {
      name: string;
      duration_s?: number;
      until?: number | string;
      zone?: string;
      camera_id?: string;
      dry_run?: boolean;
    };
    output: {
      success: true;
      timer: {
        timer_id: number;
        name: string;
        state: "running" | "done";
        remaining_s: number;
        duration_s: number;
        ends_at: string;
        ended_at?: string;
        late_s?: number;
        zone?: string;
        camera_id?: string;
      };
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  cancel_timer: {
    input: { timer_id?: number; name?: string; dry_run?: boolean };
    output: {
      success: true;
      timer: {
        timer_id: number;
        name: string;
        state: "running" | "done";
        remaining_s: number;
        duration_s: number;
        ends_at: string;
        ended_at?: string;
        late_s?: number;
        zone?: string;
        camera_id?: string;
      };
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  get_stream_url: {
    input: { camera_id?: string };
    output: {
      success: true;
      camera_id: string;
      stream?: string;
      snapshot?: string;
      page?: string;
      reason?: string;
    };
  };
  get_system_info: {
    input: Record<string, never>;
    output: {
      success: true;
      hub: {
        version: string;
        uptime_s: number;
        cameras: { total: number; [field: string]: unknown };
        streams: { running: number; viewers: number; frames_total: number; dropped_total: number };
        processes: {
          name: string;
          program: string;
          pid: number;
          cpu_seconds?: number;
          rss_bytes?: number;
          uptime_s: number;
        }[];
        hub: { rss_bytes: number; cpu_seconds: number; loop_lag_ms: { last: number; max: number } };
        storage: { data_dir: string; persistent: boolean; free_bytes?: number };
        events?: {
          count: number;
          bytes: number;
          pictures: number;
          picture_bytes: number;
          keep_days: number;
          max_bytes: number;
          max_picture_bytes: number;
        };
        warnings: { code: string; message: string; hint?: string; since: string }[];
      };
    };
  };
  reload_config: {
    input: { dry_run?: boolean };
    output: {
      success: true;
      added: string[];
      removed: string[];
      changed: string[];
      unchanged: string[];
      needs_restart: string[];
      verified: "readback" | "acknowledged" | "unverified";
    };
  };
  query_metrics: {
    input: {
      camera_id?: string;
      fields?: Array<
        | "up"
        | "latency_ms"
        | "temperature_celsius"
        | "signal_dbm"
        | "fps"
        | "viewers"
        | "motion"
        | "motion_events"
        | "frames_dropped"
        | "host_temperature_celsius"
        | "host_load"
        | "loop_lag_ms"
        | "cpu_percent"
        | "resident_memory_bytes"
        | "disk_free_bytes"
      >;
      from?: string;
      to?: string;
      step?: string;
      agg?: "avg" | "min" | "max" | "last" | "sum" | "count";
    };
    output: {
      success: true;
      from: string;
      to: string;
      step_s: number;
      tier: "raw" | "5m" | "1h";
      truncated: boolean;
      series: {
        camera_id: string;
        field:
          | "up"
          | "latency_ms"
          | "temperature_celsius"
          | "signal_dbm"
          | "fps"
          | "viewers"
          | "motion"
          | "motion_events"
          | "frames_dropped"
          | "host_temperature_celsius"
          | "host_load"
          | "loop_lag_ms"
          | "cpu_percent"
          | "resident_memory_bytes"
          | "disk_free_bytes";
        unit: string;
        last?: number;
        min?: number;
        max?: number;
        avg?: number;
        total?: number;
        points?: (number | unknown)[];
      }[];
    };
  };
  get_logs: {
    input: {
      level?: "debug" | "info" | "warn" | "error";
      limit?: number;
      camera_id?: string;
      since?: number | string;
    };
    output: {
      success: true;
      lines: {
        time: string;
        level: "debug" | "info" | "warn" | "error";
        message: string;
        camera?: string;
        [field: string]: unknown;
      }[];
      more: boolean;
    };
  };
  list_audit: {
    input: { camera_id?: string; user?: string; operation?: string; before?: number; limit?: number };
    output: {
      success: true;
      entries: {
        id: number;
        time: string;
        user: string;
        role: string;
        operation: string;
        camera_id?: string;
        input: Record<string, unknown>;
        outcome: string;
        message?: string;
        verified?: string;
      }[];
    };
  };
  get_help: {
    input: { tool_name?: string };
    output: {
      success: true;
      toolsets?: Record<string, { name: string; summary: string }[]>;
      tool?: {
        name: string;
        title: string;
        summary: string;
        guide?: string;
        effect: "read" | "write" | "destructive";
        role: "viewer" | "operator" | "admin";
        input: Record<string, unknown>;
        examples: { title: string; input: Record<string, unknown> }[];
      };
    };
  };
}
