#!/usr/bin/env bash
# Generates the stubs, builds and runs the example: ./run.sh [host:port]. Exits with 77 if the toolchain is not there:
# apt install golang-go golang-google-grpc-dev protoc-gen-go-1-3 protobuf-compiler
#
# Debian's gRPC for Go goes with a generator that does not know proto3's "optional". It is left out for it: the bytes are the same, only that
# a zero cannot be told from nothing, which this example never needs. With a current Go, generate with buf or protoc-gen-go-grpc instead (docs/clients.md).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for tool in go protoc protoc-gen-go; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 77; }; done
[ -d /usr/share/gocode/src/google.golang.org/grpc ] || { echo "golang-google-grpc-dev is missing" >&2; exit 77; }
out="$PWD/build"
rm -rf "$out/protos" "$out/src"
mkdir -p "$out/src/autograd" "$out/src/example"
cp -r ../../protos "$out/protos"
sed -i -E 's/^( *)optional /\1/' "$out"/protos/autograd/v1/*.proto
options="plugins=grpc,paths=source_relative"
for proto in "$out"/protos/autograd/v1/*.proto; do options+=",Mautograd/v1/$(basename "$proto")=autograd/v1"; done
options+=",Mgoogle/rpc/status.proto=google.golang.org/genproto/googleapis/rpc/status"
for known in duration timestamp; do options+=",Mgoogle/protobuf/$known.proto=github.com/golang/protobuf/ptypes/$known"; done
(cd "$out/protos" && protoc -I . --go_out="$options:$out/src" autograd/v1/*.proto)
cp main.go "$out/src/example/"
export GO111MODULE=off GOFLAGS=-p=2 GOPATH="$out:/usr/share/gocode" GOCACHE="${GOCACHE:-$out/cache}"
go build -o "$out/example" example
exec "$out/example" "${1:-localhost:50051}"
