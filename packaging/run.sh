#!/bin/sh
# Runs the assistant from this checkout, on a fresh system too: installs what is missing, then
# hands over. Arguments are those of voice-assistant; without any: run. `voice-assistant` becomes a
# command of yours, in ~/.local/bin.
#
#   VOICE_ASSISTANT_VENV   where the virtual environment is, instead of .venv in the checkout
set -eu
checkout=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source=packaging/setup.sh
. "$checkout/packaging/setup.sh"
set_up run
add_command
[ $# -gt 0 ] || set -- run
# By its interpreter: a script whose first line has spaces in it does not run.
exec "$venv/bin/python" "$venv/bin/voice-assistant" "$@"
