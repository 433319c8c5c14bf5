#!/usr/bin/env bash
# Takes tests/emulators/uvc/samples anew: what v4l2-ctl, ffmpeg and udev print in the test guest.
#
#   tests/vm/run.sh tests/vm/take_samples.sh      then copy .cache/vm/out/samples/* to that folder
set -u
samples=/mnt/out/samples
mkdir -p "$samples"
cd /tmp || exit 1

plug() {
  usbip --tcp-port "$USBIP_PORT" attach -r 10.0.2.2 -b 1-1
  for _ in $(seq 100); do [ ! -e /dev/v4l/by-id ] || break; sleep 0.1; done
  udevadm settle
  sleep 1
}
webcam() { curl -sS -X POST "$CONTROL_URL/$1" >/dev/null; }
# take NAME COMMAND …: keeps what the command prints, and its status when that is not 0.
take() {
  local name=$1 status=0
  shift
  LC_ALL=C timeout 60 "$@" >"$samples/$name.txt" 2>&1 </dev/null || status=$?
  [ "$status" -eq 0 ] || printf 'exit %s\n' "$status" >>"$samples/$name.txt"
}
# ffmpeg's progress line is rewritten in place, so only its last state is kept; the status is always told.
take_ffmpeg() {
  local name=$1 status=0
  shift
  LC_ALL=C timeout 60 "${as[@]}" ffmpeg -hide_banner -nostdin -f v4l2 "$@" >"$samples/part" 2>&1 || status=$?
  sed 's/.*\r//; s/ *$//' "$samples/part" >"$samples/ffmpeg_$name.txt"
  printf 'exit %s\n' "$status" >>"$samples/ffmpeg_$name.txt"
  rm "$samples/part"
}
as=()

plug
uvc=$(readlink -f /dev/v4l/by-id/*-video-index0)
metadata=$(readlink -f /dev/v4l/by-id/*-video-index1)
vivid=/dev/$(basename "$(dirname "$(grep -l vid-cap /sys/class/video4linux/*/name)")")
nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)

take v4l2_ctl_list_devices v4l2-ctl --list-devices
for device in "uvc $uvc" "uvc_metadata $metadata" "vivid $vivid"; do
  read -r name node <<<"$device"
  take "v4l2_ctl_${name}_d" v4l2-ctl -d "$node" -D
  take "v4l2_ctl_${name}_list_formats_ext" v4l2-ctl -d "$node" --list-formats-ext
  take "v4l2_ctl_${name}_l" v4l2-ctl -d "$node" -L
done
take v4l2_ctl_uvc_all v4l2-ctl -d "$uvc" --all
# The vivid driver has 83 raw formats with the same sizes.
sed -i '/^\t\[3\]:/,$d' "$samples/v4l2_ctl_vivid_list_formats_ext.txt"
take v4l2_ctl_set v4l2-ctl -d "$uvc" --set-ctrl brightness=77 -C brightness
take v4l2_ctl_set_out_of_range v4l2-ctl -d "$uvc" --set-ctrl brightness=500 -C brightness
take v4l2_ctl_set_off_step v4l2-ctl -d "$uvc" --set-ctrl pan_absolute=5000 -C pan_absolute
take v4l2_ctl_set_unknown v4l2-ctl -d "$uvc" --set-ctrl nonsense=1
take v4l2_ctl_get_several v4l2-ctl -d "$uvc" -C pan_absolute,tilt_absolute,zoom_absolute
take v4l2_ctl_enoent v4l2-ctl -d /dev/video99 -D
chmod 0600 "$vivid"
take v4l2_ctl_eacces "${nobody[@]}" v4l2-ctl -d "$vivid" -D
take udevadm_info_uvc udevadm info "$uvc"
for node in "$uvc" "$metadata" "$vivid"; do
  folder=/sys/class/video4linux/$(basename "$node")
  printf '== %s\nname=%s\nindex=%s\ndev=%s\ndevice=%s\n' "$node" "$(cat "$folder/name")" "$(cat "$folder/index")" \
    "$(cat "$folder/dev")" "$(readlink -f "$folder/device")"
done >"$samples/sysfs.txt"

copy=(-c copy -f mjpeg -y /tmp/pictures)
encode=(-c:v mjpeg -f mjpeg -y /tmp/pictures)
small=(-input_format mjpeg -video_size 640x360 -framerate 15)
take_ffmpeg copy "${small[@]}" -i "$uvc" -frames:v 10 "${copy[@]}"
take_ffmpeg vivid -input_format yuyv422 -video_size 640x360 -framerate 15 -i "$vivid" -frames:v 10 "${encode[@]}"
take_ffmpeg list -list_formats all -i "$uvc"
take_ffmpeg enoent -i /dev/video99 "${copy[@]}"
take_ffmpeg meta -i "$metadata" "${copy[@]}"
take_ffmpeg format_not_offered -input_format h264 -i "$uvc" "${copy[@]}"
take_ffmpeg size_not_offered -input_format mjpeg -video_size 800x600 -framerate 15 -i "$uvc" -frames:v 3 "${copy[@]}"
take_ffmpeg rate_not_offered -input_format mjpeg -video_size 640x360 -framerate 24 -i "$uvc" -frames:v 3 "${copy[@]}"
webcam 'frames/half?count=3'
take_ffmpeg half_pictures_copy "${small[@]}" -i "$uvc" -frames:v 10 "${copy[@]}"
webcam 'frames/garbage?count=3'
take_ffmpeg garbled_pictures_copy "${small[@]}" -i "$uvc" -frames:v 10 "${copy[@]}"
webcam 'frames/half?count=3'
take_ffmpeg half_pictures_encode -input_format yuyv422 -framerate 15 -i "$uvc" -frames:v 10 "${encode[@]}"
as=("${nobody[@]}")
take_ffmpeg eacces -i "$vivid" "${copy[@]}"
as=()

for device in "ebusy $vivid" "ebusy_uvc $uvc"; do
  read -r name node <<<"$device"
  v4l2-ctl -d "$node" --stream-mmap --stream-to=/dev/null --stream-count=100000 >/dev/null 2>&1 &
  sleep 4
  take_ffmpeg "$name" -i "$node" "${copy[@]}"
  kill $!
done
sleep 1

# Bandwidth can run out on isochronous endpoints only; here the kernel's answer to STREAMON is put in its place.
if command -v gcc >/dev/null 2>&1; then
  cat >/tmp/full_bus.c <<'END'
#include <errno.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>
int ioctl(int fd, unsigned long request, ...) {
  va_list list;
  va_start(list, request);
  void *argument = va_arg(list, void *);
  va_end(list);
  if ((unsigned)request == VIDIOC_STREAMON) { errno = ENOSPC; return -1; }
  return syscall(SYS_ioctl, fd, request, argument);
}
END
  gcc -shared -fPIC -o /tmp/full_bus.so /tmp/full_bus.c
  as=(env LD_PRELOAD=/tmp/full_bus.so)
  take_ffmpeg enospc "${small[@]}" -i "$uvc" "${copy[@]}"
  as=()
fi

(sleep 8; webcam yank) &
take_ffmpeg unplug "${small[@]}" -i "$uvc" "${copy[@]}"
plug
(sleep 8; webcam yank) &
take_ffmpeg unplug_encode -input_format yuyv422 -framerate 15 -i "$(readlink -f /dev/v4l/by-id/*-video-index0)" "${encode[@]}"
plug
(sleep 8; webcam yank) &
take v4l2_ctl_unplug v4l2-ctl -d "$(readlink -f /dev/v4l/by-id/*-video-index0)" --stream-mmap --stream-to=/dev/null --stream-count=1000
sleep 1
ls -l "$samples"
