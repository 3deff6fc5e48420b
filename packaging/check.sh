#!/bin/sh
# Runs the tests that take long: thousands of random stories, and a daemon in a world that
# misbehaves. What goes wrong once is told again with its seed:
#   sh packaging/check.sh [--seed N] [minutes]
set -eu
checkout=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=packaging/setup.sh
. "$checkout/packaging/setup.sh"
usage='usage: sh packaging/check.sh [--seed N] [minutes]'
seed=
if [ "${1-}" = --seed ]; then
    [ $# -ge 2 ] || die "$usage"
    seed=$2
    shift 2
fi
[ $# -le 1 ] || die "$usage"
minutes=${1:-10}
[ -n "$seed" ] || seed=$(date +%s)
case $seed$minutes in *[!0-9]*) die "$usage" ;; esac
set_up test
cd "$checkout"
say "the seed is $seed, the daemon is tried for $minutes minutes"
CHECK_SEED=$seed CHECK_MINUTES=$minutes exec "$venv/bin/python" -m pytest \
    -m long --hypothesis-seed="$seed" -p no:cacheprovider --durations=5
