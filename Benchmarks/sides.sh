# Product and peer, each run of a few steps. Needs: root, work, PEERS, repeat; scripts and base for
# peer; common, what every recipe of the product has. PRECEPTOR names another build's program, DTYPE
# (f32 or bf16) what both sides compute in.
tuned=(env MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=2147483647 MALLOC_TOP_PAD_=67108864)
common=()
program=${PRECEPTOR:-$root/preceptor}
export DTYPE=${DTYPE:-bf16}

# A lesser processor is one for the peers, too.
case ${PRECEPTOR_CPU:-} in
avx2) export ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 MKL_ENABLE_INSTRUCTIONS=AVX2 ;;
avx512_bf16) export ATEN_CPU_CAPABILITY=avx512 ONEDNN_MAX_CPU_ISA=AVX512_CORE_BF16 MKL_ENABLE_INSTRUCTIONS=AVX512 ;;
avx512) export ATEN_CPU_CAPABILITY=avx512 ONEDNN_MAX_CPU_ISA=AVX512_CORE MKL_ENABLE_INSTRUCTIONS=AVX512 ;;
portable) export ATEN_CPU_CAPABILITY=default ONEDNN_MAX_CPU_ISA=SSE41 MKL_ENABLE_INSTRUCTIONS=SSE4_2 ;;
esac

# processor: what numbers depend on, in one line.
processor() {
    local name flags
    name=$(sed -n '/^model name/{s/.*: //p;q;}' /proc/cpuinfo 2>/dev/null || true)
    flags=$(sed -n '/^flags/{s/.*: //p;q;}' /proc/cpuinfo 2>/dev/null | tr ' ' '\n' | grep -E '^(avx|amx)' | tr '\n' ' ' || true)
    flags=${flags% }
    [ -n "$name" ] || name=$(sysctl -n machdep.cpu.brand_string 2>/dev/null || uname -m)
    echo "Processor: $name, $(getconf _NPROCESSORS_ONLN) cores (${flags:-no AVX}). PRECEPTOR_CPU: ${PRECEPTOR_CPU:-not set}. Numbers: $DTYPE."
}

# product METHOD DATA KEYS...: the curves of a few steps.
product() {
    local method=$1 file=$2; shift 2
    printf 'train_file: %s\nlora_dropout: 0\n' "$file" > "$work/recipe.yaml"
    rm -rf "$work/run"
    "$program" "$method" "$work/recipe.yaml" --output_dir "$work/run" --save_steps 1000 \
        "${common[@]}" "$@" > "$work/product.log" 2>&1 || { cat "$work/product.log" >&2; return 1; }
    cat "$work/run/metrics.jsonl"
}

# peer_once plain|tuned SCRIPT NAME ARGUMENTS...: as it comes, or with the allocator's settings.
peer_once() {
    local setting=$1 script=$2 name=$3 prefix=(env); shift 3
    if [ "$setting" = tuned ]; then prefix=("${tuned[@]}"); name=$name-tuned; fi
    "${prefix[@]}" "$PEERS/bin/python" "$scripts/$script" "$base" "$@" 2> "$work/peer.log" | tail -n 1 > "$work/$name-$repeat.json" \
        || { cat "$work/peer.log" >&2; return 1; }
}

# peer SCRIPT NAME ARGUMENTS...: both, one after the other.
peer() {
    peer_once plain "$@"
    peer_once tuned "$@"
}
