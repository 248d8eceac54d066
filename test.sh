#!/usr/bin/env bash
# Runs every test: the solution's, the Python and TypeScript clients' and the examples in other languages. Installs what they need and is missing;
# what cannot run is named. Ends with a line "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export CONFIGURATION="${CONFIGURATION:-Release}"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
passed=0 failed=0 notes=()

if ! command -v dotnet >/dev/null; then
  echo "test.sh: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2
  exit 1
fi

# Installs Debian packages, if there is a way to; what stays missing is skipped by name further down.
install() {
  command -v apt-get >/dev/null || return 1
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
    sudo=(sudo)
  fi
  echo "test.sh: installing $*"
  "${sudo[@]}" apt-get update -q >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -qy --no-install-recommends "$@" >/dev/null 2>&1
}

# The number after a word in the runner's own summary.
number() { sed -nE "s/^ *$1: *([0-9]+).*/\1/p" "$log" | tail -n 1; }

node_major() { node -p 'process.versions.node.split(".")[0]'; }

# A part whose script ends with "N passed, N failed".
part() {
  local name="$1" script="$2" summary status
  [ -x "$script" ] || return 0
  echo "test.sh: $name"
  "$script" 2>&1 | tee "$log"
  status="${PIPESTATUS[0]}"
  summary="$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)"
  while IFS= read -r line; do notes+=("$name: $line"); done < <(grep -iE '^SKIPPED|# SKIP|[0-9]+ skipped|^skipped: [0-9]+' "$log")
  # 77: it cannot run here, and its line "SKIPPED" says why.
  [ "$status" -ne 77 ] || return 0
  if [ -z "$summary" ]; then
    notes+=("$name: printed no summary")
    failed=$((failed + 1))
    return 0
  fi
  passed=$((passed + $(sed -E 's/^([0-9]+) passed.*/\1/' <<<"$summary")))
  local lost
  lost="$(sed -E 's/.* ([0-9]+) failed$/\1/' <<<"$summary")"
  if [ "$status" -ne 0 ] && [ "$lost" -eq 0 ]; then lost=1; fi
  failed=$((failed + lost))
}

# Node: the buf CLI, which lints the protos, and the TypeScript client come through npm.
command -v npm >/dev/null && command -v node >/dev/null || install nodejs npm
if command -v npm >/dev/null; then
  tests/tools/install-buf.sh || notes+=("buf could not be installed: the protos are not linted, and the test that does it fails")
else
  notes+=("npm could not be installed: no buf, and the test that lints the protos fails")
fi

tests/tools/install-prometheus.sh || notes+=("SKIPPED: prometheus could not be had: the dashboard and the alerts are not checked against it")

dotnet build AutogradService.sln -c "$CONFIGURATION" --nologo -v quiet || { echo "0 passed, 1 failed"; exit 1; }
dotnet test --solution AutogradService.sln -c "$CONFIGURATION" --no-build --no-progress 2>&1 | tee "$log"
status="${PIPESTATUS[0]}"
if [ -z "$(number succeeded)" ]; then
  notes+=("C#: the test runner printed no summary")
  failed=$((failed + 1))
else
  passed="$(number succeeded)" failed="$(number failed)"
  [ "$(number skipped)" = 0 ] || notes+=("C#: $(number skipped) skipped")
  if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
fi

if [ -x clients/python/test.sh ]; then
  command -v python3 >/dev/null || install python3
  part "clients/python" clients/python/test.sh
fi
if [ -x clients/typescript/test.sh ]; then
  command -v chromium >/dev/null || install chromium
  # Debian 12 has Node 18; a newer one comes through npm, for this run alone.
  if command -v node >/dev/null && [ "$(node_major)" -lt 20 ]; then
    npm install --silent --no-audit --no-fund --no-save --prefix tests/.cache/node node@20 >/dev/null 2>&1
    if [ -x tests/.cache/node/node_modules/node/bin/node ]; then export PATH="$PWD/tests/.cache/node/node_modules/node/bin:$PATH"; fi
  fi
  if ! command -v node >/dev/null; then
    notes+=("SKIPPED: clients/typescript: node is missing")
  elif [ "$(node_major)" -lt 20 ]; then
    notes+=("SKIPPED: clients/typescript: Node $(node --version) is too old, 20 is needed")
  else
    part "clients/typescript" clients/typescript/test.sh
  fi
fi
if [ -x examples/test.sh ]; then
  needed=()
  command -v protoc >/dev/null && command -v grpc_cpp_plugin >/dev/null || needed+=(protobuf-compiler protobuf-compiler-grpc)
  command -v go >/dev/null && command -v protoc-gen-go >/dev/null || needed+=(golang-go golang-google-grpc-dev protoc-gen-go-1-3)
  command -v javac >/dev/null && command -v grpc_java_plugin >/dev/null && [ -e /usr/share/java/netty-handler.jar ] || needed+=(default-jdk-headless libgrpc-java libprotobuf-java libnetty-java libperfmark-java protobuf-compiler-grpc-java-plugin)
  command -v g++ >/dev/null && pkg-config --exists grpc++ 2>/dev/null || needed+=(g++ libgrpc++-dev pkg-config)
  command -v ruby >/dev/null && ruby -e 'require "grpc"' 2>/dev/null || needed+=(ruby ruby-grpc)
  [ "${#needed[@]}" -eq 0 ] || install "${needed[@]}"
  part "examples" examples/test.sh
fi
# Last, because it takes longest where its base images are not made yet.
part "containers" deploy/test-containers.sh

for note in "${notes[@]+"${notes[@]}"}"; do echo "test.sh: $note"; done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
