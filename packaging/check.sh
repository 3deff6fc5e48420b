#!/bin/sh
# Runs the tests that take long: thousands of random stories in a world that misbehaves, and long use.
# What goes wrong once is told again with its seed:
#   sh packaging/check.sh [--seed N]
set -eu
checkout=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=packaging/setup.sh
. "$checkout/packaging/setup.sh"
usage='usage: sh packaging/check.sh [--seed N]'
seed=$(date +%s)
case $#-${1-} in
    0-) ;;
    2---seed) seed=$2 ;;
    *) die "$usage" ;;
esac
case $seed in '' | *[!0-9]*) die "$usage" ;; esac
set_up check
cd "$checkout"
say "the seed is $seed"
# `test.sh` tells these rooms the same stories each time; here they are others.
"$venv/bin/python" -m pytest -q -n 2 tests/api tests/audio tests/settings tests/speech tests/text \
    --hypothesis-seed="$seed"
exec "$venv/bin/python" -m pytest -m long --hypothesis-seed="$seed" --durations=5
