#!/usr/bin/env bash
# Prepares what run.sh boots, once, under .cache/vm: a Debian kernel, an initramfs with its drivers, and udev
# where this machine has none. Exit status 77: it cannot be done here.
set -euo pipefail
cd "$(dirname "$0")/../.."
cache=$PWD/.cache/vm
export PATH="$PATH:/usr/sbin:/sbin"

say() { printf 'test-vm: %s\n' "$*" >&2; }
cannot() { printf 'test-vm: cannot be run here: %s\n' "$*"; exit 77; }

[ "$(uname -m)" = x86_64 ] || cannot "the guest is x86_64 and shares this machine's programs, which are $(uname -m)"
command -v apt-get >/dev/null 2>&1 || cannot "apt-get is missing; the kernel comes from a Debian package"

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need qemu-system-x86_64 qemu-system-x86
need usbip usbip
need v4l2-ctl v4l-utils
need ffmpeg ffmpeg
need setpriv util-linux
need modprobe kmod
need cpio cpio
need zstd zstd
[ -x /bin/busybox ] || missing+=(busybox-static)
if [ "${#missing[@]}" -gt 0 ]; then
  [ "$(id -u)" -eq 0 ] || cannot "these packages are missing and installing them needs root: ${missing[*]}"
  say "installing from apt: ${missing[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null; } || cannot "apt could not install ${missing[*]}"
fi

mkdir -p "$cache/extra"
work=''
trap '[ -z "$work" ] || rm -rf "$work"' EXIT

# Package lists are absent on a fresh machine and may be outdated on an old one.
update_lists() { [ "$(id -u)" -eq 0 ] && say "updating apt's package lists" && apt-get update -qq; }

# fetch PACKAGE: unpacks a Debian package into a folder of its own and prints that folder.
fetch() {
  local folder=$work/$1
  mkdir -p "$folder/root"
  download() { (cd "$folder" && apt-get download -qq -o APT::Sandbox::User=root "$1" >/dev/null); }
  download "$1" 2>/dev/null || { update_lists && download "$1"; } || return 1
  dpkg-deb -x "$folder"/*.deb "$folder/root"
  printf '%s\n' "$folder/root"
}

if [ ! -e /usr/lib/systemd/systemd-udevd ] && [ ! -e "$cache/extra/usr/bin/udevadm" ]; then
  say "fetching the Debian package udev for the guest"
  work=${work:-$(mktemp -d)}
  root=$(fetch udev) || cannot "apt could not fetch udev"
  # The package's /bin and /lib would hide the links of those names in the host's file tree.
  mkdir -p "$cache/extra/usr/bin" "$cache/extra/usr/lib/systemd"
  cp -a "$root/lib/udev" "$cache/extra/usr/lib/"
  cp -a "$root/bin/udevadm" "$cache/extra/usr/bin/"
  ln -sf ../../bin/udevadm "$cache/extra/usr/lib/systemd/systemd-udevd"
fi

# Made anew when the way it is made has changed; only the few modules needed are kept.
recipe=$(cat tests/vm/prepare.sh tests/vm/initramfs_init.sh | sha256sum | cut -d ' ' -f 1)
if [ "$(cat "$cache/recipe" 2>/dev/null)" != "$recipe" ]; then
  work=${work:-$(mktemp -d)}
  kernel() {
    apt-cache depends linux-image-amd64 2>/dev/null |
      sed -n 's/^ *Depends: \(linux-image-.*-amd64\)$/\1/p' | head -1
  }
  image=$(kernel)
  [ -n "$image" ] || { update_lists && image=$(kernel); } || true
  [ -n "$image" ] || cannot "apt knows no Debian kernel (linux-image-amd64)"
  say "fetching the Debian kernel $image and making the initramfs"
  root=$(fetch "$image") || cannot "apt could not fetch $image"
  version=${image#linux-image-}
  depmod -b "$root" "$version"
  tree=$work/initramfs
  mkdir -p "$tree/bin" "$tree/modules"
  cp /bin/busybox "$tree/bin/busybox"
  install -m 755 tests/vm/initramfs_init.sh "$tree/init"
  for module in virtio_pci virtio_net virtio_rng 9pnet_virtio 9p overlay vivid uvcvideo vhci-hcd; do
    while read -r verb file _; do
      [ "$verb" = insmod ] || continue
      [ -e "$tree/modules/$(basename "$file")" ] && continue
      cp "$file" "$tree/modules/"
      case "$file" in */vivid.ko*) options=' n_devs=1 node_types=0x1' ;; *) options='' ;; esac
      printf '%s%s\n' "$(basename "$file")" "$options" >>"$tree/modules/order"
    done < <(modprobe -S "$version" -d "$root" --show-depends "$module")
  done
  (cd "$tree" && find . | cpio --quiet -o -H newc | zstd -q -3) >"$cache/initramfs.part"
  mv "$cache/initramfs.part" "$cache/initramfs"
  cp "$root/boot/vmlinuz-$version" "$cache/vmlinuz"
  printf '%s\n' "$recipe" >"$cache/recipe"
fi
