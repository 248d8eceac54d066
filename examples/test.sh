#!/usr/bin/env bash
# Builds and runs the examples in Go, Java, C++ and Ruby against a server of its own, and compares what they print with numbers worked out here.
# Skips, and says so, what has no toolchain. Ends with a line "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work="$(mktemp -d)"
server=""
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

# The server that was built last.
assembly="$(ls -t ../src/Server/bin/{Release,Debug}/net10.0/AutogradService.Server.dll 2>/dev/null | head -n 1)"
if [ -z "$assembly" ]; then
  dotnet build ../src/Server -c Release --nologo -v quiet || { echo "examples: the server does not build" >&2; echo "0 passed, 1 failed"; exit 1; }
  assembly=../src/Server/bin/Release/net10.0/AutogradService.Server.dll
fi
dotnet "$assembly" --Autograd:GrpcPort=0 --Autograd:HttpPort=0 >"$work/server" 2>&1 &
server=$!
for _ in $(seq 300); do
  address="$(sed -nE 's#.*gRPC \(.*\) on http://(\S+)#\1#p' "$work/server")"
  [ -n "$address" ] && break
  sleep 0.2
done
[ -n "${address:-}" ] || { cat "$work/server" >&2; echo "0 passed, 1 failed"; exit 1; }

# d/dx of sum((x + 1)^2) is 2 (x + 1): 4 on the diagonal, 2 beside it; twice that after a second backward. Then gradient descent on the mean squared error.
awk 'function matrix(title, factor,   i, j, line) {
  print title
  for (i = 0; i < 4; i++) { line = ""; for (j = 0; j < 5; j++) line = line (j ? " " : "") factor * 2 * ((i == j) + 1); print line }
}
BEGIN {
  matrix("first call", 1); matrix("second call", 2); matrix("after zeroing", 1)
  x[0,0] = 1; x[0,1] = 2; x[1,0] = 3; x[1,1] = 4; t[0] = 5; t[1] = 11; w[0] = 0; w[1] = 0
  for (step = 1; step <= 5; step++) {
    loss = 0; g[0] = 0; g[1] = 0
    for (i = 0; i < 2; i++) {
      e = x[i,0] * w[0] + x[i,1] * w[1] - t[i]
      loss += e * e / 2
      for (j = 0; j < 2; j++) g[j] += x[i,j] * e
    }
    for (j = 0; j < 2; j++) w[j] -= 0.05 * g[j]
    printf "step %d: loss %.4f\n", step, loss
  }
  printf "w: %.4f %.4f\n", w[0], w[1]
}' >"$work/expected"

passed=0 failed=0
for language in go java cpp ruby; do
  timeout 900 "./$language/run.sh" "$address" >"$work/$language" 2>"$work/$language.err"
  status=$?
  if [ "$status" -eq 77 ]; then
    echo "SKIPPED: examples/$language: $(tail -n 1 "$work/$language.err")"
  elif [ "$status" -eq 0 ] && diff "$work/expected" "$work/$language" >"$work/diff"; then
    echo "examples/$language: passed"
    passed=$((passed + 1))
  else
    echo "examples/$language: FAILED (exit code $status)"
    tail -n 20 "$work/$language.err" "$work/diff" 2>/dev/null
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
