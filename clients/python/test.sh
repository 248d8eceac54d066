#!/usr/bin/env bash
# Runs the Python client's tests. Installs what they need and is missing; ends with a line "N passed, N failed". The server must be built:
# dotnet build src/Server (CONFIGURATION says which build is used; else Release, else Debug).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Debian's own Python, which the apt packages belong to.
python="${PYTHON:-/usr/bin/python3}"
needed=()
have() { "$python" -c "import $1" >/dev/null 2>&1; }
have grpc || needed+=(python3-grpcio)
have google.protobuf || needed+=(python3-protobuf)
have numpy || needed+=(python3-numpy)
have pytest || needed+=(python3-pytest)
have ensurepip || needed+=(python3-venv)
have setuptools || needed+=(python3-setuptools)
have wheel || needed+=(python3-wheel)
have pip || needed+=(python3-pip)
command -v protoc >/dev/null || needed+=(protobuf-compiler)
if [ "${#needed[@]}" -gt 0 ]; then
  echo "clients/python/test.sh: installing ${needed[*]}"
  if [ "$(id -u)" = 0 ]; then
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy "${needed[@]}" || exit 1
  else
    sudo apt-get update -q && sudo DEBIAN_FRONTEND=noninteractive apt-get install -qy "${needed[@]}" || exit 1
  fi
fi

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
"$python" -m pytest -q -p no:cacheprovider tests "$@" 2>&1 | tee "$log"
status="${PIPESTATUS[0]}"

number() { grep -oE "[0-9]+ $1" "$log" | tail -n 1 | grep -oE "[0-9]+"; }
failed="$(number failed)" errors="$(number "errors?")" skipped="$(number skipped)"
line="$(number passed || true) passed, $((${failed:-0} + ${errors:-0})) failed"
[ -n "${line%% passed*}" ] || line="0 $line"
[ -z "$skipped" ] || echo "skipped: $skipped (pytest -rs names them)"
echo "${line# }"
exit "$status"
