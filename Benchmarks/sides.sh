# Product and peer, each run of a few steps. Needs: root, work, PEERS, repeat; scripts and base for
# peer; common, what every recipe of the product has. PRECEPTOR names another build's program.
tuned=(env MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=2147483647 MALLOC_TOP_PAD_=67108864)
common=()
program=${PRECEPTOR:-$root/preceptor}

# product METHOD DATA KEYS...: the curves of a few steps.
product() {
    local method=$1 file=$2; shift 2
    printf 'train_file: %s\nlora_dropout: 0\n' "$file" > "$work/recipe.yaml"
    rm -rf "$work/run"
    "$program" "$method" "$work/recipe.yaml" --output_dir "$work/run" --save_steps 1000 \
        "${common[@]}" "$@" > "$work/product.log" 2>&1 || { cat "$work/product.log" >&2; return 1; }
    cat "$work/run/metrics.jsonl"
}

# peer SCRIPT NAME ARGUMENTS...: as it comes and with the allocator's settings.
peer() {
    local script=$1 name=$2; shift 2
    "$PEERS/bin/python" "$scripts/$script" "$base" "$@" 2> "$work/peer.log" | tail -n 1 > "$work/$name-$repeat.json" \
        || { cat "$work/peer.log" >&2; return 1; }
    "${tuned[@]}" "$PEERS/bin/python" "$scripts/$script" "$base" "$@" 2>/dev/null | tail -n 1 > "$work/$name-tuned-$repeat.json"
}
