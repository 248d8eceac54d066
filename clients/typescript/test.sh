#!/usr/bin/env bash
# Builds the package, runs its tests (in Node and in Chromium, if that is there) and ends with a line "N passed, N failed".
# What was skipped is named on lines before. The server is built if it is not there.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

# A failure before the tests counts as one.
fail() {
  echo "clients/typescript: $1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

command -v node >/dev/null && command -v npm >/dev/null || fail "Node 20 or newer and npm are needed"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node $(node --version) is too old: 20 is needed"
# Not npm ci: it asks the lock file for the optional packages of other platforms, which npm does not write down where the registry does not tell of them.
npm install --silent --no-audit --no-fund || fail "npm install failed"
node scripts/build.mjs || fail "the package does not compile"
if [ -z "$(ls ../../src/Server/bin/{Release,Debug}/net10.0/AutogradService.Server.dll 2>/dev/null)" ]; then
  dotnet build ../../src/Server -c Release --nologo -v quiet || fail "the server does not build"
fi

# One file after another: each starts servers of its own.
node --expose-gc --test --test-concurrency=1 --test-reporter=tap build/test/*.test.js >"$log" 2>&1
status=$?
grep -E '^ *not ok|# SKIP' "$log" | sed 's/^ *//'
if [ "$status" -ne 0 ]; then sed -n '/not ok/,/\.\.\./p' "$log"; fi
number() { sed -nE "s/^# $1 ([0-9]+)$/\1/p" "$log" | tail -n 1; }
passed="$(number pass)" failed="$(number fail)" cancelled="$(number cancelled)" skipped="$(number skipped)"
[ -n "$passed" ] || { cat "$log"; fail "the test runner printed no summary"; }
failed=$((failed + cancelled))
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
if [ "${skipped:-0}" -ne 0 ]; then echo "clients/typescript: $skipped skipped, see above"; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
