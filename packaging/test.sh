#!/bin/sh
# Runs all checks and tests, on a fresh system too: installs what is missing first.
# With arguments: runs pytest alone, with these arguments.
set -eu
checkout=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=packaging/setup.sh
. "$checkout/packaging/setup.sh"
set_up test
cd "$checkout"
python=$venv/bin/python
[ $# -eq 0 ] || exec "$python" -m pytest "$@"

failed=
check() {
    printf '\n== %s\n' "$*"
    "$@" || failed="$failed
  $*"
}
check "$python" -m ruff check .
check "$python" -m ruff format --check .
check "$python" -m mypy
check "$python" "$venv/bin/lint-imports"
if can shellcheck; then check shellcheck -x packaging/*.sh .ci/run; fi
# Three processes, each with a desktop of its own, because many tests wait for sound to be heard; the
# tests of a file share what the file sets up.
# The slow files come first, so that none is left for the end, when the other processes are idle.
check "$python" -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=10
[ -z "$failed" ] || die "failed:$failed"
