#!/usr/bin/env bash
# Writes src/autograd_client/_proto/*_pb2.py and .pyi from the repository's protos. Run it after changing a proto; the output is committed.
# Needs protoc 3.21 (Debian: protobuf-compiler): its code runs with every protobuf runtime from 4.21 on. The messages move into the package, so
# that nothing is installed beside it: `autograd` and `google.rpc` may well be somebody else's on the same machine. On the wire nothing changes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
protos="$work/autograd_client/_proto"
mkdir -p "$protos"
for file in ../../protos/autograd/v1/*.proto ../../protos/google/rpc/*.proto; do
  sed -e 's#import "autograd/v1/#import "autograd_client/_proto/#; s#import "google/rpc/#import "autograd_client/_proto/#; s#\bgoogle\.rpc\.#autograd_client.rpc.#g' \
      -e 's#^package google\.rpc;#package autograd_client.rpc;#' "$file" > "$protos/$(basename "$file")"
done
out="${1:-src}"
mkdir -p "$out/autograd_client/_proto"
rm -f "$out"/autograd_client/_proto/*_pb2.py "$out"/autograd_client/_proto/*_pb2.pyi
protoc -I "$work" --python_out="$out" --pyi_out="$out" "$protos"/*.proto
touch "$out/autograd_client/_proto/__init__.py"
