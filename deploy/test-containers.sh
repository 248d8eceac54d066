#!/usr/bin/env bash
# Builds the image from deploy/Dockerfile (or, with --jit, deploy/Dockerfile.jit), brings docker-compose.yml up, and looks whether what it promises is so.
# Ends with "N passed, N failed"; exit code 77 and a line "SKIPPED: ..." where it cannot run.
#
# It needs root, Debian's packages and the .NET SDK, and no registry of images: base images are stand-ins under the names that the Dockerfiles use, made of Debian's libraries and
# this machine's .NET. Prometheus is Debian's; Grafana and the collector are not to be had and stay out (tests/Deploy.Tests looks at their configuration).
# Containers run in a network namespace of their own, with an image store of their own in tests/.cache: nothing of the machine's network or containers is touched.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root="$PWD"
cache="$root/tests/.cache/containers"
dockerfile=deploy/Dockerfile
[ "${1:-}" = --jit ] && dockerfile=deploy/Dockerfile.jit

skip() { echo "SKIPPED: deploy/test-containers.sh: $*"; exit 77; }
say() { echo "test-containers.sh: $*"; }

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || skip "it knows Linux on x86-64 only"
[ "$(id -u)" = 0 ] || skip "containers in a network namespace of their own need root"
command -v apt-get >/dev/null || skip "podman, buildah and debootstrap come by apt-get, which is not here"
command -v dotnet >/dev/null || skip "the stand-in images are made of this machine's .NET SDK, which is not here"
packages=()
for program in podman buildah runc debootstrap docker-compose curl protoc:protobuf-compiler ip:iproute2 nsenter:util-linux iptables /usr/lib/podman/netavark:netavark /usr/lib/podman/aardvark-dns:aardvark-dns newuidmap:uidmap fuse-overlayfs catatonit; do
  command -v "${program%%:*}" >/dev/null || packages+=("${program##*:}")
done
if [ "${#packages[@]}" -gt 0 ]; then
  say "installing ${packages[*]}"
  apt-get update -q >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}" >/dev/null 2>&1 || skip "apt-get install ${packages[*]} failed"
fi
tests/tools/install-prometheus.sh || skip "Debian's prometheus could not be had"

work="$(mktemp -d)"
mkdir -p "$cache"
namespace="autograd-$$"
project="autogradtest"
started=()
compose() { inside docker-compose --project-name "$project" --project-directory "$root" -f "$root/docker-compose.yml" -f "$work/override.yml" "$@"; }
# Not "ip netns exec": that mounts another /sys, in which the containers' cgroups are missing.
inside() { nsenter --net="/run/netns/$namespace" "$@"; }
clean() {
  [ -S "$work/podman.sock" ] && compose down --volumes --timeout 5 >"$work/down.log" 2>&1
  for pid in "${started[@]+"${started[@]}"}"; do kill "$pid" 2>/dev/null; done
  wait 2>/dev/null
  ip netns delete "$namespace" 2>/dev/null
  buildah rm --all >/dev/null 2>&1
  podman system prune --force >/dev/null 2>&1
  umount "$cache/storage/overlay" 2>/dev/null # the store's mount of itself
  rm -rf "$work"
}
trap clean EXIT
firewall="$(iptables-save 2>/dev/null | grep -v '^#' | sed -E 's/\[[0-9]+:[0-9]+\]//')" forwarding="$(cat /proc/sys/net/ipv4/ip_forward)"

# crun wants one kind of cgroups; systemd and journald are not there in a container that tests.
export CONTAINERS_CONF="$work/containers.conf" CONTAINERS_STORAGE_CONF="$work/storage.conf" DISABLE_HC_SYSTEMD=true DOCKER_HOST="unix://$work/podman.sock" BUILDAH_FORMAT=docker
cat >"$CONTAINERS_CONF" <<END
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
static_dir = "$work/libpod"
tmp_dir = "$work/tmp"
volume_path = "$work/volumes"
[network]
network_backend = "netavark"
network_config_dir = "$work/networks"
END
cat >"$CONTAINERS_STORAGE_CONF" <<END
[storage]
driver = "overlay"
graphroot = "$cache/storage"
runroot = "$work/run"
END

# --- Images: stand-ins for the bases, then the Dockerfile as it is.
debian="$cache/debian"
if [ ! -e "$debian/.complete" ]; then
  say "making the stand-in base images"
  rm -rf "$debian"
  debootstrap --variant=minbase --include=ca-certificates,clang,libssl3,zlib1g-dev bookworm "$debian" >"$cache/debootstrap.log" 2>&1 || skip "debootstrap failed: $(tail -n 1 "$cache/debootstrap.log")"
  rm -rf "$debian"/var/cache/apt/archives/*.deb "$debian"/usr/share/doc "$debian"/usr/share/man
  touch "$debian/.complete"
fi
cp /etc/ssl/certs/ca-certificates.crt "$debian/etc/ssl/certs/ca-certificates.crt"
dotnet_root="$(dirname "$(readlink -f "$(command -v dotnet)")")"

# As Canonical's chiselled images: libraries, a user, and nothing that could be run.
chiselled="$work/chiselled"
mkdir -p "$chiselled"/{etc/ssl/certs,tmp,proc,sys,dev,home/app,usr/bin,usr/lib64,usr/lib/x86_64-linux-gnu}
chmod 1777 "$chiselled/tmp"
ln -s usr/lib "$chiselled/lib"
ln -s usr/lib64 "$chiselled/lib64"
for library in ld-linux-x86-64.so.2 libc.so.6 libm.so.6 libpthread.so.0 libdl.so.2 librt.so.1 libresolv.so.2 libgcc_s.so.1 libstdc++.so.6 libssl.so.3 libcrypto.so.3 libz.so.1; do
  cp -L "$debian/usr/lib/x86_64-linux-gnu/$library" "$chiselled/usr/lib/x86_64-linux-gnu/" || exit 1
done
ln -s ../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 "$chiselled/usr/lib64/ld-linux-x86-64.so.2"
printf 'root:x:0:0::/:/\nnobody:x:65534:65534::/:/\napp:x:1654:1654::/home/app:/\n' >"$chiselled/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\napp:x:1654:\n' >"$chiselled/etc/group"
cp "$debian/etc/ssl/certs/ca-certificates.crt" "$chiselled/etc/ssl/certs/"
ln -s ../share/dotnet/dotnet "$chiselled/usr/bin/dotnet"
ln -sf ../share/dotnet/dotnet "$debian/usr/bin/dotnet"

settings=()
for setting in DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NUGET_CERT_REVOCATION_MODE=offline DOTNET_ROOT=/usr/share/dotnet PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; do
  settings+=(--change "ENV $setting")
done
# A stand-in image NAME of the folder FOLDER and further files of .NET's, if it is not there already.
image() {
  local name="$1" folder="$2" path=()
  shift 2
  for file in "$@"; do path+=("${dotnet_root#/}/$file"); done
  podman image exists "$name" || tar --create --numeric-owner --transform "flags=r;s,^${dotnet_root#/},usr/share/dotnet," -C "$folder" . ${path[@]+-C / "${path[@]}"} \
    | podman import --quiet "${settings[@]}" - "$name" >/dev/null || exit 1
}
runtime="shared/Microsoft.NETCore.App" web="shared/Microsoft.AspNetCore.App"
mcr=mcr.microsoft.com/dotnet
image $mcr/sdk:10.0-noble-aot "$debian" .
podman tag $mcr/sdk:10.0-noble-aot $mcr/sdk:10.0-noble
image $mcr/runtime-deps:10.0-noble-chiseled "$chiselled"
image $mcr/runtime:10.0-noble-chiseled "$chiselled" dotnet host $runtime
image $mcr/aspnet:10.0-noble-chiseled "$chiselled" dotnet host $runtime $web

# In some sandboxes no container starts, or none can be built in; then there is nothing to test here.
podman run --rm --network none --entrypoint /usr/share/dotnet/dotnet $mcr/runtime:10.0-noble-chiseled --list-runtimes >"$work/probe.log" 2>&1 || skip "no container starts: $(tail -n 1 "$work/probe.log")"
mkdir "$work/probe"
printf 'FROM %s\nRUN ["/bin/true"]\n' "$mcr/sdk:10.0-noble-aot" >"$work/Dockerfile.probe"
buildah bud --layers --force-rm --runtime runc --pull-never --network host --file "$work/Dockerfile.probe" "$work/probe" >"$work/probe.log" 2>&1 || skip "no image can be built: $(tail -n 1 "$work/probe.log")"

prometheus_image="$(sed -nE 's/^ *image: (.*prom\/prometheus:.*)$/\1/p' docker-compose.yml)"
prometheus="$work/prometheus"
cp -a "$chiselled" "$prometheus"
mkdir -p "$prometheus/prometheus" && chown 65534:65534 "$prometheus/prometheus"
cp "$(PATH="$root/tests/.cache/prometheus/usr/bin:$PATH" command -v prometheus)" "$prometheus/usr/bin/prometheus"
podman image exists "$prometheus_image" || tar --create -C "$prometheus" . | podman import --quiet --change 'USER 65534' --change 'ENTRYPOINT ["/usr/bin/prometheus"]' - "$prometheus_image" >/dev/null || exit 1

say "building $dockerfile"
packages_cache=()
[ -d "$HOME/.nuget/packages" ] && packages_cache=(--volume "$HOME/.nuget/packages:/root/.nuget/packages")
tag=docker.io/library/autograd-server:local
if ! buildah bud --force-rm --runtime runc --pull-never --network host --layers "${packages_cache[@]}" --tag "$tag" --file "$dockerfile" . >"$work/build.log" 2>&1; then
  tail -n 40 "$work/build.log"
  say "the image could not be built"
  echo "0 passed, 1 failed"
  exit 1
fi

# --- Up.
cat >"$work/override.yml" <<END
services:
  server:
    # Small, so that it can be filled; and time to finish what takes long on a slow machine.
    mem_limit: 512m
    stop_grace_period: 600s
    environment:
      AUTOGRAD__DRAINSECONDSMAX: "500"
END
if [ "$dockerfile" = deploy/Dockerfile.jit ]; then printf '    healthcheck:\n      test: ["CMD", "dotnet", "/app/AutogradService.Server.dll", "healthcheck"]\n' >>"$work/override.yml"; fi
ip netns add "$namespace" || skip "no network namespace can be made"
inside ip link set lo up
inside podman system service --time 0 "unix://$work/podman.sock" >"$work/podman.log" 2>&1 &
started+=($!)
for _ in $(seq 100); do [ -S "$work/podman.sock" ] && break; sleep 0.1; done
server="${project}_server_1"
# What systemd's timers do elsewhere.
(while sleep 2; do inside podman healthcheck run "$server" >/dev/null 2>&1; done) &
started+=($!)

passed=0 failed=0
check() {
  local name="$1"
  shift
  if "$@" >"$work/check.log" 2>&1; then
    passed=$((passed + 1))
    echo "ok   $name"
  else
    failed=$((failed + 1))
    echo "FAIL $name"
    tail -n 15 "$work/check.log"
  fi
}
# Whether a command succeeds within two minutes.
soon() { for _ in $(seq 240); do "$@" && return 0; sleep 0.5; done; return 1; }
state() { podman inspect --format "{{.State.$1}}" "$server"; }
healthy() { [ "$(podman inspect --format '{{.State.Health.Status}}' "$server" 2>/dev/null || podman inspect --format '{{.State.Healthcheck.Status}}' "$server")" = healthy ]; }
http() { inside curl --silent --show-error --fail --max-time 10 "http://127.0.0.1:$1"; }
status_of() { sed -nE "s/^(Uid|CapEff|CapBnd|NoNewPrivs):[[:space:]]*([^[:space:]]+).*/\1=\2/p" "/proc/$(state Pid)/status"; }
query() { inside curl --silent --get --data-urlencode "query=$1" http://127.0.0.1:9090/api/v1/query | sed -nE 's/.*"value":\[[^,]*,"([^"]*)"\].*/\1/p'; }
above() { local value; value="$(query "$1")"; [ -n "$value" ] && awk -v a="$value" -v b="$2" 'BEGIN { exit !(a > b) }'; }

# A unary gRPC call: METHOD REQUEST-TYPE ANSWER-TYPE, the request as protobuf's text on standard input. Prints the answer as text; a refusal's status and reason go to the file "refusal".
grpc() {
  local at="$work/call-$BASHPID"
  protoc -I protos --encode="autograd.v1.$2" protos/autograd/v1/*.proto >"$at.request" 2>/dev/null || return 1
  { printf "\\x00$(printf '%08x' "$(stat -c %s "$at.request")" | sed 's/../\\x&/g')"; cat "$at.request"; } >"$at.body"
  inside curl --silent --http2-prior-knowledge --max-time 500 -H 'content-type: application/grpc' -H 'te: trailers' --data-binary "@$at.body" --dump-header "$at.head" --output "$at.answer" "http://127.0.0.1:50051/autograd.v1.$1"
  if ! tr -d '\r' <"$at.head" | grep -qx 'grpc-status: 0'; then
    { tr -d '\r' <"$at.head" | grep -i '^grpc-'; tr -d '\r' <"$at.head" | sed -nE 's/^grpc-status-details-bin: //Ip' | sed 's/$/===/' | base64 -di 2>/dev/null | tr -c 'A-Za-z_' '\n' | grep -E '^[A-Z_]{5,}$'; } >"$work/refusal"
    return 1
  fi
  tail -c +6 "$at.answer" | protoc -I protos --decode="autograd.v1.$3" protos/autograd/v1/*.proto 2>/dev/null
}
session() { grpc SessionService/CreateSession CreateSessionRequest CreateSessionResponse </dev/null | sed -nE 's/^ *session_id: "(.*)"$/\1/p'; }
refused_with() { local reason="$1"; shift; "$@" >/dev/null && return 1; cat "$work/refusal"; grep -qx "$reason" "$work/refusal"; }

# d/dx sum(exp(x)) at x = (0, 1) is (1, e).
gradient() {
  { printf 'session_id: "%s"\n' "$(session)"
    printf '%s\n' 'commands { create_tensor { out: 1 requires_grad: true data { dtype: DATA_TYPE_FLOAT32 shape: 2 data: "\000\000\000\000\000\000\200?" } } }' \
      'commands { apply_op { op: "exp" a: 1 out: 2 } }' 'commands { apply_op { op: "sum" a: 2 out: 3 } }' 'commands { backward { roots: 3 } }' 'commands { want_result: true read_grad { tensor: 1 } }'
  } | grpc AutogradService/RunCommands RunCommandsRequest RunCommandsResponse | tee "$work/gradient.txt" | grep -qF 'data: "\000\000\200?T\370-@"'
}

# COUNT products of 1024 x 1024 matrices in the session SESSION.
products() {
  { printf 'session_id: "%s"\ncommands { apply_op { op: "randn" out: 1 extra { attributes { name: "size" value { ints_value { values: [1024, 1024] } } } } } }\n' "$1"
    for ((i = 2; i < $2 + 2; i++)); do printf 'commands { apply_op { op: "matmul" a: 1 b: 1 out: %d } } commands { release_tensors { handles: %d } }\n' "$i" "$i"; done
  } | grpc AutogradService/RunCommands RunCommandsRequest RunCommandsResponse
}

# Ever more tensors of 64 MiB, until the server will not.
fill() {
  { printf 'session_id: "%s"\nfail_fast: true\n' "$1"
    for i in $(seq 16); do printf 'commands { apply_op { op: "ones" out: %d extra { attributes { name: "size" value { ints_value { values: [4096, 4096] } } } } } }\n' "$i"; done
  } | grpc AutogradService/RunCommands RunCommandsRequest RunCommandsResponse >"$work/fill.txt"
  grep -q 'QUOTA_SERVER_MEMORY' "$work/fill.txt"
}

say "bringing docker-compose.yml up (server and prometheus)"
check "docker-compose.yml is valid, the load profile included" docker-compose -f docker-compose.yml --profile load config --quiet
check "the image's user is not root" [ "$(podman image inspect --format '{{.User}}' $tag)" = 1654 ]
check "the image has a health check" grep -q healthcheck <(podman image inspect --format '{{json .}}' $tag)
size="$(podman image inspect --format '{{.Size}}' $tag)" base="$(podman image inspect --format '{{.Size}}' "$(sed -nE 's/^FROM ([^ ]+)$/\1/p' "$dockerfile")")"
say "the image adds $(((size - base) / 1000000)) MB to its base (the stand-in of it has $((base / 1000000)) MB)"
check "the image adds less than 64 MB to its base" [ $((size - base)) -lt 64000000 ]
check "compose up: Prometheus starts once the server is healthy, its collector or not" compose up --detach --no-build server prometheus
check "the server is healthy" soon healthy
began="$(date --date "$(podman inspect --format '{{.State.StartedAt}}' "$server" | sed 's/ UTC$//')" +%s%N)"
listening="$(date --date "$(podman logs --timestamps "$server" 2>&1 | sed -nE '/Probes/s/ .*//p' | head -n 1)" +%s%N)"
say "it was ready $(((listening - began) / 1000000)) ms after it was started, and holds $(($(sed -nE 's/^VmRSS:[^0-9]*([0-9]+).*/\1/p' "/proc/$(state Pid)/status") / 1024)) MB"
check "it has no shell" bash -c "! podman run --rm --network none --entrypoint /bin/sh $tag -c true"
check "it runs as user 1654" grep -qx Uid=1654 <(status_of)
check "it has no capabilities" grep -qx CapEff=0000000000000000 <(status_of)
check "it can gain none" grep -qx NoNewPrivs=1 <(status_of)
check "its root is read-only" awk '$5 == "/" { found = $6 ~ /(^|,)ro(,|$)/ } END { exit !found }' "/proc/$(state Pid)/mountinfo"
check "ports are published on loopback only" bash -c "podman port $server && ! podman port $server | grep -v ' -> 127.0.0.1:'"
check "/healthz and /readyz answer" bash -c "$(declare -f inside http); namespace=$namespace; http 8080/healthz && http 8080/readyz"
check "a gradient over gRPC, through the published port" gradient
check "Prometheus scrapes the server: up is 1" soon above 'up{job="autograd"}' 0
check "Prometheus has autograd_commands_total of that call" soon above 'sum(autograd_commands_total)' 4
check "Prometheus has autograd_backward_calls_total of that call" soon above 'autograd_backward_calls_total' 0
check "the memory budget is three quarters of what the container's limit leaves beside 128 MiB" [ "$(http 8080/metrics | awk '/^autograd_memory_max_bytes/ { printf "%.0f", $2 }')" = $(((512 - 128) * 1024 * 1024 / 4 * 3)) ]

full="$(session)"
check "more than the budget is refused with QUOTA_SERVER_MEMORY" fill "$full"
check "and the server was not killed for it" [ "$(state OOMKilled)-$(state Running)" = false-true ]
grpc SessionService/DeleteSession DeleteSessionRequest DeleteSessionResponse <<<"session_id: \"$full\"" >/dev/null
check "and it goes on once the memory is given back" gradient

compose restart server >"$work/restart.log" 2>&1
check "after a restart it is healthy again" soon healthy
check "and computes" soon gradient
kill -KILL "$(state Pid)"
compose up --detach --no-build server >"$work/again.log" 2>&1
check "killed and brought up again, it computes" soon gradient

# Work that takes some seconds here, whatever else the machine does: timed once, then as much as that makes.
busy="$(session)"
from="$(date +%s%N)"
products "$busy" 20 >/dev/null
count=$((20 * 8000 / (($(date +%s%N) - from) / 1000000 + 1)))
[ "$count" -gt 10000 ] && count=10000
products "$busy" "$count" >"$work/products.txt" &
running=$!
working() { [ "$(http 8080/metrics | awk '/^autograd_rpc_active[{ ]/ { print int($2) }')" -ge 1 ]; }
check "a call of $count products is under way" soon working
(compose stop --timeout 600 server >"$work/stop.log" 2>&1) &
stopping=$!
draining() { refused_with DRAINING session; }
check "SIGTERM: new sessions are refused with DRAINING" soon draining
check "and the call under way still runs" kill -0 "$running"
check "/readyz says so too" [ "$(inside curl --silent --output /dev/null --write-out '%{http_code}' http://127.0.0.1:8080/readyz)" = 503 ]
wait "$running"
check "the call under way was finished" [ "$?" = 0 ]
wait "$stopping"
check "the server ended by itself, with exit code 0" [ "$(state ExitCode)-$(state Running)" = 0-false ]
check "its log has no error" bash -c "! podman logs $server 2>&1 | grep -E '\"LogLevel\":\"(Error|Critical)\"|Unhandled'"
check "the machine's own firewall and forwarding are as they were" [ "$firewall-$forwarding" = "$(iptables-save 2>/dev/null | grep -v '^#' | sed -E 's/\[[0-9]+:[0-9]+\]//')-$(cat /proc/sys/net/ipv4/ip_forward)" ]

say "$passed checks passed; Grafana and the collector were not run: their images cannot be pulled here"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
