#!/bin/sh
# The cheap checks of style, on the files that git knows: clang-format (14) and shellcheck. clang-tidy is the preset
# `tidy`. Prints what it skips.
set -eu
cd "$(dirname "$0")/.."
status=0

if command -v clang-format >/dev/null; then
  git ls-files -z '*.h' '*.cc' | xargs -0 -r clang-format --dry-run --Werror || status=1
else
  echo 'lint: skipped clang-format, which is not installed'
fi

if command -v shellcheck >/dev/null; then
  { git ls-files -z '*.sh'; git grep -lzE '^#!/bin/(ba)?sh' -- ':!*.sh' || true; } | xargs -0 -r shellcheck || status=1
else
  echo 'lint: skipped shellcheck, which is not installed'
fi
exit $status
