#!/usr/bin/env bash
# Generates the stubs, builds and runs the example: ./run.sh [host:port]. Exits with 77 if the toolchain is not there:
# apt install g++ protobuf-compiler protobuf-compiler-grpc libgrpc++-dev pkg-config
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for tool in g++ protoc grpc_cpp_plugin pkg-config; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 77; }; done
pkg-config --exists grpc++ protobuf || { echo "libgrpc++-dev is missing" >&2; exit 77; }
protos=../../protos out=build
mkdir -p "$out"
# shellcheck disable=SC2046
protoc -I "$protos" --cpp_out="$out" --grpc_out="$out" --plugin=protoc-gen-grpc="$(command -v grpc_cpp_plugin)" $(cd "$protos" && echo autograd/v1/*.proto google/rpc/status.proto)
sources=(main.cpp "$out"/autograd/v1/{autograd,session}.grpc.pb.cc "$out"/autograd/v1/{autograd,command,graph,session,tensor}.pb.cc "$out"/google/rpc/status.pb.cc)
# shellcheck disable=SC2046
g++ -std=c++17 -O1 -I "$out" "${sources[@]}" -o "$out/example" $(pkg-config --cflags --libs grpc++ protobuf)
exec "$out/example" "${1:-localhost:50051}"
