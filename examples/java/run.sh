#!/usr/bin/env bash
# Generates the stubs, builds and runs the example: ./run.sh [host:port]. Exits with 77 if the toolchain is not there:
# apt install default-jdk-headless protobuf-compiler libgrpc-java libprotobuf-java libnetty-java libperfmark-java protobuf-compiler-grpc-java-plugin
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for tool in javac java protoc grpc_java_plugin; do command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 77; }; done
jars=/usr/share/java
[ -e "$jars/grpc-netty.jar" ] && [ -e "$jars/netty-handler.jar" ] || { echo "libgrpc-java or libnetty-java is missing" >&2; exit 77; }
protos=../../protos out=build
mkdir -p "$out/src" "$out/classes"
# shellcheck disable=SC2046
protoc -I "$protos" --java_out="$out/src" --grpc-java_out="$out/src" --plugin=protoc-gen-grpc-java="$(command -v grpc_java_plugin)" $(cd "$protos" && echo autograd/v1/*.proto google/rpc/status.proto)
classpath="$(printf '%s:' "$jars"/{grpc-*,protobuf*,guava,failureaccess,netty*,perfmark*,opencensus*,jsr305,annotations-api,javax.annotation-api,gson,error-prone-annotations,geronimo-annotation*}.jar 2>/dev/null)"
find "$out/src" -name '*.java' >"$out/sources"
javac -nowarn -Xlint:none -d "$out/classes" -cp "$classpath" Example.java "@$out/sources"
exec java -cp "$out/classes:$classpath" Example "${1:-localhost:50051}"
