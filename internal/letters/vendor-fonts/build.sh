#!/bin/sh
# Cuts the embedded fonts anew: ./build.sh. Needs node and npm. It stops when a
# source font is not the one of SOURCES.sha256, and says which result differs
# from SHA256SUMS.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$work/"
(cd "$work" && npm install --ignore-scripts --no-audit --no-fund --no-package-lock --silent)
(cd "$work/node_modules/@expo-google-fonts" && sha256sum --check --quiet "$here/SOURCES.sha256")
cp "$here/subset.js" "$work/"
(cd "$work" && node subset.js "$here")
(cd "$here" && for font in *.ttf.gz; do gzip -dc "$font" >"$work/${font%.gz}"; done)
(cd "$work" && sha256sum --check "$here/SHA256SUMS")
