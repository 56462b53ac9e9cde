#!/bin/sh
# Installs the Debian packages of tools/packages.txt: tools/setup.sh [GROUP…] (default: all groups).
# As root. Without anything to install it asks no mirror.
set -eu
list=$(dirname "$0")/packages.txt
[ $# -gt 0 ] || set -- build static test e2e lint
packages=$(awk -v groups=" $* " '!/^#/ && NF && index(groups, " " $2 " ") { print $1 }' "$list")
missing=
for package in $packages; do
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
    *' installed') ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# shellcheck disable=SC2086  # a list of package names
apt-get -qq install -y --no-install-recommends $missing >/dev/null
