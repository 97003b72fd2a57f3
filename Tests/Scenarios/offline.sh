#!/usr/bin/env bash
# Shows that nothing reaches the network unless a model is asked for, and that a build without the trait cannot.
#
# usage: offline.sh BINARY BINARY_WITHOUT_NETWORK      (needs strace, unshare, nm, ldd and the rights to trace)
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
faults=0

fault() { echo "FAULT $*" >&2; faults=$((faults + 1)); }

# Runs a command of the program on the demo, as its owner, with every key that could tempt it.
run() {
  local home=$1; shift
  env -i PATH="$PATH" HOME="$home" CLAUDE_CONFIG_DIR="$home/claude" ANTHROPIC_API_KEY=k OPENAI_API_KEY=k \
    HEADROOM_BASE_URL=http://192.0.2.1/v1 "$@"
}

prepare() {
  mkdir -p "$1/shop/backend/app/api"
  cp -r "$root/Fixtures/claude/demo/home" "$1/claude"
  grep -rl /home/dev/shop "$1/claude" | xargs sed -i "s|/home/dev/shop|$1/shop|g"
  touch "$1"/shop/backend/app/api/{orders,payments,customers,refunds}.py
}

for binary in "$1" "$2"; do
  home=$work/$(basename "$(dirname "$binary")")-$RANDOM
  prepare "$home"
  run "$home" strace -f -e trace=network -o "$work/trace" "$binary" learn --project "$home/shop" --apply >"$work/out" 2>&1 \
    || fault "$binary: learn --apply failed"
  test -s "$home/shop/CLAUDE.md" || fault "$binary: nothing was written"
  # Sockets of the family UNIX lead to services of this machine, as the C library asks one for the names of users.
  calls=$(grep 'AF_' "$work/trace" | grep -vc 'AF_UNIX\|AF_LOCAL')
  echo "$binary: $calls calls to the network in learn --apply"
  test "$calls" = 0 || { fault "$binary: calls to the network"; grep 'AF_INET' "$work/trace" >&2; }
  id=$(run "$home" "$binary" learn --all --format json | grep -o 'r-[0-9a-f]\{6\}' | head -1)
  # Everything but refining works where there is no network at all.
  for words in "learn --all" "learn --project $home/shop --apply" "failures --all" "explain $id" agents undo \
    "rules list" "learn --all --format json"; do
    # shellcheck disable=SC2086
    run "$home" unshare -n "$binary" $words >"$work/out" 2>"$work/err" \
      || fault "$binary: $words without a network: $(cat "$work/err")"
  done
done

run "$home" unshare -n "$1" learn --all --model x >"$work/out" 2>"$work/err" || fault "--model without a network failed"
grep -q 'is not refined' "$work/err" || fault "--model without a network does not say so"

echo "libraries of $2:"
ldd "$2" | sed 's/ (.*//'
if ldd "$2" | grep -qi 'curl\|ssl\|gnutls\|nghttp'; then fault "$2 is linked with a network client"; fi
grep -q 'libcurl\.so' "$1" || fault "$1 does not know libcurl: is it the right program?"
if ldd "$1" | grep -qi 'curl\|ssl\|gnutls\|nghttp'; then fault "$1 loads a network client before a model is asked"; fi
symbols=$(nm -D --undefined-only "$2" | grep -ciE ' (curl_|SSL_|getaddrinfo|gethostbyname|connect|socket|sendto)(@|$)')
echo "$2: $symbols imported symbols of a network client"
test "$symbols" = 0 || { fault "imported symbols"; nm -D --undefined-only "$2" | grep -E ' (curl_|getaddrinfo|connect|socket)' >&2; }
if nm "$2" 2>/dev/null | grep -q '\$s10Refinement'; then fault "$2 holds code of the module Refinement"; fi
# What the package fetches is the same for both builds, and no network client is among it.
if grep -iE '"identity"' "$root/Package.resolved" 2>/dev/null | grep -iE 'nio|http|curl|grpc'; then fault "a network client is fetched"; fi

echo "$faults faults"
test "$faults" = 0
