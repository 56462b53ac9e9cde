#!/bin/sh
# An application image by Buildah alone: buildah.sh inside|outside BASE APPLICATION-DIRECTORY IMAGE
#
#   inside   Seshat runs in the container, as it would in a Containerfile's RUN: decides, installs, verifies.
#   outside  Seshat runs on this machine and looks at the mounted base image: nothing of it is run or written to decide and
#            to download. Only then does the image's own pip install the wheels, without any network.
#
# The environment is that of `seshat build-hook` (SESHAT_…, PIP_…, THOTH_…); SESHAT_PROGRAM is the static executable,
# BUILDAH the command with its options for storage, BUILDAH_RUN further options of `buildah run` for the offline step
# (default: runc without a network; where that cannot work, e.g. in an unprivileged pod, set it to --isolation=chroot:
# `seshat install` opens no socket by itself).
set -eu
[ $# = 4 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
way=$1 base=$2 directory=$3 image=$4
program=${SESHAT_PROGRAM:-$(command -v seshat)}
offline=${BUILDAH_RUN:---isolation oci --runtime runc --network none}

passed='SESHAT_INDEX_URL SESHAT_EXTRA_INDEX_URL SESHAT_FIND_LINKS SESHAT_OFF SESHAT_DRY_RUN SESHAT_FALLBACK SESHAT_LOCKED
  SESHAT_FORCE SESHAT_CONFIG_CHECK SESHAT_PROVENANCE SESHAT_VERIFY SESHAT_REMOTE_CACHE SESHAT_RUNTIME_ENVIRONMENT
  SESHAT_RECOMMENDATION_TYPE SESHAT_PRESCRIPTIONS PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST THOTH_OFF
  THOTH_DRY_RUN THOTH_ADVISE THOTH_ERROR_FALLBACK THOTH_CONFIG_CHECK THOTH_PROVENANCE_CHECK THOTH_FORCE_GENERATE_CONFIG
  SOURCE_DATE_EPOCH https_proxy http_proxy no_proxy'

# Words of ours may be several: that is what they are for.
# shellcheck disable=SC2086
bud() { ${BUILDAH:-buildah} "$@"; }

work=$(mktemp -d "${TMPDIR:-/tmp}/seshat-build.XXXXXX")
container=$(bud from --pull-never "$base" 2>/dev/null || bud from "$base")
end() {
  status=$?
  bud rm "$container" >/dev/null 2>&1 || true
  rm -rf "$work"
  exit "$status"
}
trap end EXIT
trap 'exit 129' HUP INT TERM

place=/opt/app
bud run "$container" -- mkdir -p "$place"
bud copy -q "$container" "$directory" "$place/src" >/dev/null

case $way in
  inside)
    # For this step only: no value is in the image's configuration or its history. Passwords belong into NETRC's file.
    set --
    for name in $passed; do
      eval "value=\${$name-}"
      # shellcheck disable=SC2154
      [ -z "$value" ] || set -- "$@" --env "$name=$value"
    done
    [ ! -f "${NETRC:-}" ] || set -- "$@" -v "$NETRC:/run/netrc:ro" --env NETRC=/run/netrc
    bud run --network host --isolation oci --runtime runc -v "$program:/run/seshat:ro" "$@" "$container" -- \
      /run/seshat build-hook --directory "$place/src" --venv "$place/venv" --base-image "$base"
    ;;
  outside)
    root=$(bud mount "$container")
    "$program" build-hook --root "$root" --directory "$directory" --output-directory "$work/decided" \
      --wheelhouse "$work/wheels" --base-image "$base"
    set -- -v "$program:/run/seshat:ro" -v "$work/wheels:/run/wheels:ro" -v "$work/decided:/run/decided:ro" "$container"
    # shellcheck disable=SC2086
    bud run $offline "$@" -- /run/seshat install /run/decided/pylock.toml --find-links /run/wheels --venv "$place/venv" \
      --for-image
    # shellcheck disable=SC2086
    bud run $offline "$@" -- /run/seshat verify /run/decided/pylock.toml --offline --python "$place/venv/bin/python"
    bud run "$container" -- mkdir -p "$place/venv/share"
    bud copy -q "$container" "$work/decided" "$place/venv/share/seshat" >/dev/null
    bud umount "$container" >/dev/null
    ;;
  *) echo "buildah.sh: $way is neither inside nor outside" >&2; exit 2 ;;
esac

root=$(bud mount "$container")
# shellcheck disable=SC2046
bud config $("$program" labels "$place/venv/share/seshat" --root "$root" --base-image "$base") --workingdir "$place/src" \
  --user 1001:0 --env "PATH=$place/venv/bin:/usr/local/bin:/usr/bin:/bin" "$container"
bud umount "$container" >/dev/null
bud commit -q "$container" "$image"
