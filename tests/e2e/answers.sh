#!/bin/sh
# Starts a container's application as an unknown user of group 0 and prints what it answers over HTTP:
# answers.sh CACHE CONTAINER COMMAND [ARGUMENT…]; without arguments the command gets app.py.
set -eu
cache=$1 container=$2 command=$3
shift 3
[ $# != 0 ] || set -- app.py
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
log=$(mktemp)
buildah --root "$cache/storage" --runroot "$cache/run" --storage-driver overlay run --isolation oci --runtime runc \
  --network host --user 1000680000:0 --env "PORT=$port" "$container" -- "$command" "$@" >"$log" 2>&1 &
running=$!
trap 'kill "$running" 2>/dev/null || true; rm -f "$log"' EXIT
"$(dirname "$0")/ask.py" "http://127.0.0.1:$port/" || { cat "$log" >&2; exit 1; }
wait "$running" || true
