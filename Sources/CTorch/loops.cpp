// Compiles the loops for any CPU and, on x86-64, for AVX2, AVX-512 and its bf16 products; picks at the first call.
#include "loops.h"

#include <cmath>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "numbers.h"

namespace preceptor {

namespace baseline {
#include "loops.inc"
}

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"), min_vector_width(512))), apply_to = function)
namespace avx512 {
#include "loops.inc"
}
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma"), min_vector_width(512))), apply_to = function)
#define PRECEPTOR_BF16_PAIRS
namespace avx512_bf16 {
#include "loops.inc"
}
#undef PRECEPTOR_BF16_PAIRS
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace avx2 {
#include "loops.inc"
}
#pragma clang attribute pop
#endif

template <typename T>
static Loops<T> chosen() {
#if defined(__x86_64__)
    const bool wide = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    if (wide && __builtin_cpu_supports("avx512bf16")) return avx512_bf16::table<T>();
    if (wide) return avx512::table<T>();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2::table<T>();
#endif
    return baseline::table<T>();
}

template <>
const Loops<float> &loops<float>() {
    static const Loops<float> table = chosen<float>();
    return table;
}

template <>
const Loops<c10::BFloat16> &loops<c10::BFloat16>() {
    static const Loops<c10::BFloat16> table = chosen<c10::BFloat16>();
    return table;
}

}  // namespace preceptor
