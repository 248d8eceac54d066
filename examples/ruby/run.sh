#!/usr/bin/env bash
# Generates the stubs and runs the example: ./run.sh [host:port]. Exits with 77 if the toolchain is not there:
# apt install ruby ruby-grpc protobuf-compiler protobuf-compiler-grpc
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for tool in ruby protoc grpc_ruby_plugin; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 77; }; done
ruby -e 'require "grpc"' 2>/dev/null || { echo "ruby-grpc is missing" >&2; exit 77; }
protos=../../protos out=build
mkdir -p "$out"
# shellcheck disable=SC2046
protoc -I "$protos" --ruby_out="$out" --grpc_out="$out" --plugin=protoc-gen-grpc="$(command -v grpc_ruby_plugin)" $(cd "$protos" && echo autograd/v1/*.proto google/rpc/status.proto)
exec ruby -I "$out" main.rb "${1:-localhost:50051}"
