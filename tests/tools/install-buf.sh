#!/usr/bin/env bash
# Installs the buf CLI, which lints the protos in a test, into tests/.cache (git-ignored). Does nothing if it is there.
set -euo pipefail
version=1.75.0
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
prefix="$here/.cache/buf"
if [ "$("$prefix/node_modules/.bin/buf" --version 2>/dev/null || true)" = "$version" ]; then
  exit 0
fi
mkdir -p "$prefix"
npm install --silent --no-audit --no-fund --no-save --prefix "$prefix" "@bufbuild/buf@$version" >&2
found="$("$prefix/node_modules/.bin/buf" --version)"
if [ "$found" != "$version" ]; then
  echo "install-buf.sh: got buf $found instead of $version" >&2
  exit 1
fi
