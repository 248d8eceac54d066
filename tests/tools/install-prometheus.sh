#!/usr/bin/env bash
# Puts Prometheus and promtool into tests/.cache (git-ignored), for the tests of deploy/prometheus and deploy/grafana. Does nothing if they are installed.
# The Debian package is unpacked, not installed: nothing of it starts, and no other user of the machine sees it.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
prefix="$here/.cache/prometheus"
if command -v prometheus >/dev/null && command -v promtool >/dev/null || [ -x "$prefix/usr/bin/prometheus" ] && [ -x "$prefix/usr/bin/promtool" ]; then
  exit 0
fi
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "install-prometheus.sh: apt-get and dpkg-deb are needed" >&2; exit 1; }
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
if ! apt-get download -q prometheus >/dev/null 2>&1; then
  # The list of packages may be missing or old; only root may renew it.
  apt-get update -q >/dev/null 2>&1 || sudo -n apt-get update -q >/dev/null 2>&1 || true
  apt-get download -q prometheus >/dev/null 2>&1 || { echo "install-prometheus.sh: apt-get download prometheus failed" >&2; exit 1; }
fi
mkdir -p "$prefix"
dpkg-deb -x prometheus_*.deb "$prefix"
"$prefix/usr/bin/prometheus" --version >/dev/null 2>&1 || { echo "install-prometheus.sh: the prometheus that was unpacked does not run" >&2; exit 1; }
