# Debian packages without touching the machine's apt configuration: a private list, made from the machine's own
# entries for this release of Debian. apt verifies what it fetches.
# Sourced by build.sh and the end-to-end tests; knows nothing of what is built.
# shellcheck shell=sh

# machine_sources deb|deb-src: the machine's entries for its own release of Debian, one a line. Third parties' entries
# are left out: few have sources, and none is needed.
machine_sources() {
  release=$(. /etc/os-release && printf %s "$VERSION_CODENAME")
  { one_line_entries "$1" "$release"; stanza_entries "$1" "$release"; } | sort -u
}

one_line_entries() {
  type=$1
  codename=$2
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -nE "s/^deb( +\[[^]]*\])?( +[^ ]+ +$codename(-updates|-security)?(\/updates)? .*)/$type\1\2/p"
}

# The same for deb822 stanzas (*.sources), whose URIs and Suites may each name several.
stanza_entries() {
  type=$1
  codename=$2
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    awk -v type="$type" -v codename="$codename" 'BEGIN { RS = ""; FS = "\n" }
      {
        uris = suites = components = signed = ""
        for (i = 1; i <= NF; i++) {
          value = $i; sub(/^[^:]*:[ \t]*/, "", value)
          if ($i ~ /^URIs:/) uris = value
          if ($i ~ /^Suites:/) suites = value
          if ($i ~ /^Components:/) components = value
          if ($i ~ /^Signed-By:/ && value ~ /^\//) signed = "[signed-by=" value "] "
        }
        n = split(uris, uri, /[ \t]+/); m = split(suites, suite, /[ \t]+/)
        for (i = 1; i <= n; i++) for (j = 1; j <= m; j++)
          if (suite[j] ~ "^" codename "(-updates|-security)?$")
            print type " " signed uri[i] " " suite[j] " " components
      }' "$file"
  done
}

# private_apt DIR ARGUMENT…: apt-get with lists, cache and sources of its own under DIR.
private_apt() {
  apt_root=$1
  shift
  apt-get -q -o "Dir::Etc::sourcelist=$apt_root/sources.list" -o Dir::Etc::sourceparts=- \
    -o "Dir::State::lists=$apt_root/lists" -o "Dir::Cache=$apt_root/cache" -o APT::Sandbox::User=root "$@"
}

# private_lists DIR deb|deb-src: current lists in DIR, asked for once an hour.
private_lists() {
  if [ -e "$1/updated" ] && [ -n "$(find "$1/updated" -mmin -60)" ]; then return 0; fi
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
  machine_sources "$2" >"$1/sources.list"
  if [ ! -s "$1/sources.list" ]; then
    echo "no entry for this release of Debian in /etc/apt/sources.list or /etc/apt/sources.list.d" >&2
    return 1
  fi
  private_apt "$1" update && : >"$1/updated"
}

# fetch_source PACKAGE APTDIR WORKDIR: the unpacked, patched source becomes WORKDIR/source.
fetch_source() {
  package=$1
  apt_directory=$2
  work_directory=$3
  private_lists "$apt_directory" deb-src || return 1
  (cd "$work_directory" && private_apt "$apt_directory" source "$package") || return 1
  mv "$(find "$work_directory" -mindepth 1 -maxdepth 1 -type d)" "$work_directory/source"
}
