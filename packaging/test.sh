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
    printf '== %s\n' "$*"
    "$@" || failed="$failed, $1"
}
PATH=$venv/bin:$PATH
check ruff check .
check ruff format --check .
check mypy
check lint-imports
check shellcheck -x packaging/run.sh packaging/test.sh packaging/setup.sh .ci/run
check pytest -n 2 --cov --cov-report=term:skip-covered
[ -z "$failed" ] && exit
printf 'failed: %s\n' "${failed#, }"
exit 1
