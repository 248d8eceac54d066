#!/usr/bin/env bash
# Attacks a server of its own for some minutes: ./fuzz.sh MINUTES [SEED]. Findings go to artifacts/fuzz, each as a case that
# `dotnet run -c Release --project tests/Fuzz -- replay FILE` sends again. Exit code 1: something was found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [ $# -lt 1 ]; then
  echo "usage: ./fuzz.sh MINUTES [SEED]" >&2
  exit 2
fi
dotnet build tests/Fuzz -c Release --nologo -v quiet
rm -f artifacts/fuzz/current.case
status=0
dotnet run -c Release --no-build --project tests/Fuzz -- run "$@" || status=$?
if [ -e artifacts/fuzz/current.case ]; then
  echo "fuzz.sh: the process ended in the middle of artifacts/fuzz/current.case" >&2
  status=1
fi
exit "$status"
