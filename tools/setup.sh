#!/usr/bin/env bash
# Brings a fresh Debian or Raspberry Pi OS machine to the point where the hub runs (setup.sh run), is shown
# with emulated cameras (setup.sh demo), or is tested (setup.sh test). Installs only what is missing, and says
# what it is doing.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/versions.env
purpose=${1:-run}

say() { printf '==> %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else
    say "root rights are needed for: $*"
    say "run that command as root, then start this again"
    exit 1
  fi
}

# need COMMAND PACKAGE …: notes PACKAGE for installation when COMMAND is not on the PATH.
missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("${@:2}"); }

export PATH="$PATH:/usr/sbin:/sbin"
need ffmpeg ffmpeg
need v4l2-ctl v4l-utils
need setpriv util-linux
# A shell has a kill of its own; the hub needs the program.
type -P kill >/dev/null || missing+=(procps)
[ -x .toolchain/deno ] || need npm npm
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
if [ "$purpose" = test ] || [ "$purpose" = demo ]; then
  # The emulated cameras: pictures by GStreamer's RTSP server, certificates, the TLS of old cameras.
  need openssl openssl
  need socat socat
  [ -e /usr/bin/python3 ] || missing+=(python3)
  for part in python3-gi gir1.2-gst-rtsp-server-1.0 glib-networking gstreamer1.0-plugins-{base,good,bad,ugly}; do
    dpkg-query -W -f '${Status}' "$part" 2>/dev/null | grep -q 'ok installed' || missing+=("$part")
  done
fi
if [ "$purpose" = test ]; then
  need npm npm
  need python3 python3
  need chromium chromium
  need zip zip
  # The peers of alerts: an MQTT broker with its command-line clients, and a mail server.
  need mosquitto mosquitto
  need mosquitto_sub mosquitto-clients
  dpkg-query -W -f '${Status}' python3-aiosmtpd 2>/dev/null | grep -q 'ok installed' || missing+=(python3-aiosmtpd)
  # Who reads the metrics: Prometheus with promtool, and a parser of OpenMetrics.
  need promtool prometheus
  # What Grafana's Infinity uses of jq.
  need gojq gojq
  # Who tells the hub of alerts, and what the check of the Grafana folder asks with.
  need amtool prometheus-alertmanager
  need curl curl
  dpkg-query -W -f '${Status}' python3-prometheus-client 2>/dev/null | grep -q 'ok installed' || missing+=(python3-prometheus-client)
  # Stores that values are pushed to.
  need influxd influxdb
  need victoria-metrics victoria-metrics
  # The client alone has that folder, too.
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  need psql postgresql-client
  need qemu-aarch64-static qemu-user-static
  [ -d /usr/share/fonts/truetype/dejavu ] || missing+=(fonts-dejavu-core)
fi
if [ "${#missing[@]}" -gt 0 ]; then
  say "installing from apt: ${missing[*]}"
  as_root apt-get update -qq
  # The peers of tests are started by the tests: 101 says "not allowed" to packages that start what they bring.
  policy=/usr/sbin/policy-rc.d
  if [ "$purpose" = test ] && [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod +x $policy
    trap 'as_root rm -f $policy' EXIT
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# deno_package VERSION TARGET: unpacks Deno from its npm package to TARGET.
deno_package() {
  local version=$1 target=$2 arch sha work tarball
  # Not uname: a 32-bit Raspberry Pi OS runs on a 64-bit kernel.
  case "$(dpkg --print-architecture)" in
    amd64) arch=x64 ;;
    arm64) arch=arm64 ;;
    *) say "there is no Deno for $(dpkg --print-architecture); a 64-bit system is needed"; exit 1 ;;
  esac
  say "installing Deno $version into $target (from npm)"
  work=$(mktemp -d)
  tarball=$(cd "$work" && npm pack --silent "@deno/linux-$arch-glibc@$version")
  if [ "$arch $version" = "x64 $DENO_VERSION" ]; then
    sha=$(sha256sum "$work/$tarball" | cut -d ' ' -f 1)
    if [ "$sha" != "$DENO_SHA256_X64" ]; then
      say "the Deno tarball has sha256 $sha, expected $DENO_SHA256_X64; not installed"
      exit 1
    fi
  fi
  tar -xzf "$work/$tarball" -C "$work" package/deno
  mkdir -p "$(dirname "$target")"
  mv "$work/package/deno" "$target"
  rm -r "$work"
}

has_version() { [ -x "$1" ] && [ "$("$1" --version | sed -n '1s/^deno \([^ ]*\).*/\1/p')" = "$2" ]; }

has_version .toolchain/deno "$DENO_VERSION" || deno_package "$DENO_VERSION" .toolchain/deno
if [ "$purpose" = newest ]; then
  has_version .toolchain/deno-newest "$DENO_NEWEST_VERSION" || deno_package "$DENO_NEWEST_VERSION" .toolchain/deno-newest
fi

if [ "$purpose" = test ]; then
  # The official MCP programs that tests run with a deadline: fetched beforehand.
  suites=tests/conformance/suites
  mapfile -t programs < <(sed -n 's/.*"\(npm:[^"]*\)".*/\1/p' $suites.json)
  .toolchain/deno cache --quiet --config $suites.json --lock $suites.lock --frozen "${programs[@]}"
fi
