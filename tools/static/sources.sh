# Fetches Debian source packages without touching the machine's apt configuration: a private list, made from the
# machine's own entries for this release of Debian, with deb turned into deb-src. apt verifies what it fetches.
# Sourced by build.sh; knows nothing of what is built.
# shellcheck shell=sh

# The machine's one-line entries for this release; third parties' lists are left out, since few have sources.
one_line_entries() {
  codename=$1
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -nE "s/^deb( +\[[^]]*\])?( +[^ ]+ +$codename(-updates|-security)?(\/updates)? .*)/deb-src\1\2/p"
}

# The same for deb822 stanzas (*.sources), whose URIs and Suites may each name several.
stanza_entries() {
  codename=$1
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    awk -v codename="$codename" 'BEGIN { RS = ""; FS = "\n" }
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
            print "deb-src " signed uri[i] " " suite[j] " " components
      }' "$file"
  done
}

# private_apt DIR ARGUMENT…: apt-get with lists, cache and sources of its own under DIR.
private_apt() {
  directory=$1
  shift
  apt-get -q -o "Dir::Etc::sourcelist=$directory/sources.list" -o Dir::Etc::sourceparts=- \
    -o "Dir::State::lists=$directory/lists" -o "Dir::Cache=$directory/cache" -o APT::Sandbox::User=root "$@"
}

# fetch_source PACKAGE APTDIR WORKDIR: the unpacked, patched source becomes WORKDIR/source.
fetch_source() {
  package=$1
  apt_directory=$2
  work_directory=$3
  if [ ! -e "$apt_directory/updated" ] || [ -z "$(find "$apt_directory/updated" -mmin -60)" ]; then
    mkdir -p "$apt_directory/lists/partial" "$apt_directory/cache/archives/partial"
    codename=$(. /etc/os-release && printf %s "$VERSION_CODENAME")
    { one_line_entries "$codename"; stanza_entries "$codename"; } | sort -u >"$apt_directory/sources.list"
    if [ ! -s "$apt_directory/sources.list" ]; then
      echo "no Debian $codename entry in /etc/apt/sources.list or /etc/apt/sources.list.d: nothing to fetch from" >&2
      return 1
    fi
    private_apt "$apt_directory" update || return 1
    : >"$apt_directory/updated"
  fi
  (cd "$work_directory" && private_apt "$apt_directory" source "$package") || return 1
  mv "$(find "$work_directory" -mindepth 1 -maxdepth 1 -type d)" "$work_directory/source"
}
