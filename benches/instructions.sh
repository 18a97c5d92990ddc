#!/usr/bin/env bash
# Counts the instructions that a decision takes, or a difference of two versions, and compares them with benches/instructions.txt: within two in a hundred.
#
#     benches/instructions.sh           compare
#     benches/instructions.sh --write   write down what is counted now
#
# Counted is the release build without link-time optimisation, which takes minutes and changes what a decision takes little.
# Counts belong to a compiler; with another one than was written down nothing is compared.
set -euo pipefail
cd "$(dirname "$0")/.."
baseline=benches/instructions.txt
compiler=$(rustc --version)
target=${CARGO_TARGET_DIR:-target}
# So many that what differs from run to run before the first of them does not show.
decisions=20000
differences=20

if ! command -v valgrind >/dev/null; then
    echo "valgrind is not there: nothing is counted"
    exit 0
fi
if [ "${1:-}" != --write ] && [ "$(head -n 1 "$baseline")" != "$compiler" ]; then
    echo "written down with $(head -n 1 "$baseline"), this is $compiler: nothing is compared"
    exit 0
fi

cargo build --profile counted --bench instructions
program=$(ls -t "$target"/counted/deps/instructions-* | grep -v '\.d$' | head -n 1)
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

count() {
    valgrind --tool=callgrind --callgrind-out-file="$scratch/out" "$program" "$1" "$2" 2>&1 >/dev/null |
        awk '/Collected/ { print $NF }'
}

counted="$compiler"
failed=0
compare() { # name, now, before
    awk -v name="$1" -v now="$2" -v before="$3" 'BEGIN {
        d = before ? (now - before) * 100 / before : 100
        out = d > 2 || d < -2
        printf "%-18s %8d instructions each, %8d written down, %+.1f %%%s\n", name, now, before, d, out ? "  NOT WITHIN 2 %" : ""
        exit out
    }'
}
for what in coded struct struct_by_index struct_of_less thousand_norms difference; do
    times=$decisions
    [ "$what" != difference ] || times=$differences
    each=$((($(count "$what" "$times") - $(count "$what" 0)) / times))
    counted+=$'\n'"$what $each"
    before=$(awk -v what="$what" '$1 == what { print $2 }' "$baseline")
    compare "$what" "$each" "${before:-0}" || failed=1
done
if [ "${1:-}" = --write ]; then
    printf '%s\n' "$counted" >"$baseline"
    exit 0
fi
exit "$failed"
