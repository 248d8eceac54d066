#!/usr/bin/env bash
# Runs every test. Installs what the tests need and is missing; ends with a line "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

configuration="${CONFIGURATION:-Release}"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

if ! command -v dotnet >/dev/null; then
  echo "test.sh: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2
  exit 1
fi

# The buf CLI lints the protos. It comes as an npm package, so npm must be there.
if ! command -v npm >/dev/null; then
  echo "test.sh: installing npm, which the buf CLI comes through"
  if [ "$(id -u)" = 0 ]; then
    apt-get update -q && apt-get install -qy nodejs npm || exit 1
  else
    sudo apt-get update -q && sudo apt-get install -qy nodejs npm || exit 1
  fi
fi
tests/tools/install-buf.sh || exit 1

dotnet build AutogradService.sln -c "$configuration" --nologo -v quiet || exit 1
dotnet test --solution AutogradService.sln -c "$configuration" --no-build --no-progress 2>&1 | tee "$log"
status="${PIPESTATUS[0]}"

# The runner's own summary, as one line.
number() { sed -nE "s/^ *$1: *([0-9]+).*/\1/p" "$log" | tail -n 1; }
passed="$(number succeeded)" failed="$(number failed)" skipped="$(number skipped)"
if [ -z "$passed" ]; then
  echo "test.sh: the test runner printed no summary" >&2
  exit 1
fi
echo "${passed} passed, ${failed:-0} failed, ${skipped:-0} skipped"
exit "$status"
