#!/bin/sh
# publish under 200 schedules of faults, of kills, and of two jobs at once.
set -eu

folder=$(dirname "$GOBUDGET")/fake-github
"$PROJECT/tests/github/setup" "$folder"
node "$PROJECT/tests/github/faults.mjs" "$GOBUDGET" "$folder"
