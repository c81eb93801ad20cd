// Compiles the loops for any processor and, on x86-64, for AVX2, AVX-512 and its bf16 products.
#include "loops.h"

#include <cmath>
#include <type_traits>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "amx.h"
#include "numbers.h"
#include "processor.h"

// Vectors never cross a call that is not inlined.
#pragma clang diagnostic ignored "-Wpsabi"

namespace preceptor {

// Each set with what its registers hold: kWidth words in one, kBlockRows times kBlockPanels panels of sums in a block
// (kWideningRows where weights are widened on the way, kRowPanels of one row alone), kPanelsOfMix in a mix, kTurnedRows
// beside weights that are turned; and kThinRows, up to which reading weights without packing them is faster.

#if defined(__aarch64__)
#define PRECEPTOR_FUSED
#endif
namespace portable {
#if defined(__aarch64__)
constexpr int kWidth = 4, kBlockRows = 6, kBlockPanels = 1, kWideningRows = 4, kRowPanels = 4, kPanelsOfMix = 4, kTurnedRows = 4, kThinRows = 2;
#else
constexpr int kWidth = 4, kBlockRows = 2, kBlockPanels = 1, kWideningRows = 2, kRowPanels = 2, kPanelsOfMix = 2, kTurnedRows = 4, kThinRows = 2;
#endif
#include "tiles.inc"
#include "loops.inc"
}
#undef PRECEPTOR_FUSED

#if defined(__x86_64__)
#define PRECEPTOR_FUSED
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace avx2 {
constexpr int kWidth = 8, kBlockRows = 6, kBlockPanels = 1, kWideningRows = 4, kRowPanels = 4, kPanelsOfMix = 4, kTurnedRows = 4, kThinRows = 2;
#include "tiles.inc"
#include "loops.inc"
}
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"), min_vector_width(512))), apply_to = function)
namespace avx512 {
constexpr int kWidth = 16, kBlockRows = 12, kBlockPanels = 2, kWideningRows = 12, kRowPanels = 4, kPanelsOfMix = 4, kTurnedRows = 8, kThinRows = 16;
#include "tiles.inc"
#include "loops.inc"
}
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma"), min_vector_width(512))), apply_to = function)
#define PRECEPTOR_BF16_PAIRS
namespace avx512_bf16 {
constexpr int kWidth = 16, kBlockRows = 12, kBlockPanels = 2, kWideningRows = 12, kRowPanels = 4, kPanelsOfMix = 4, kTurnedRows = 8, kThinRows = 16;
#include "tiles.inc"
#include "loops.inc"
}
#undef PRECEPTOR_BF16_PAIRS
#pragma clang attribute pop
#endif

#define COMMA ,

/// `call` in a path's namespace.
#if defined(__x86_64__)
#define OF_PATH(call)                                 \
    switch (path) {                                   \
    case Path::amx:                                   \
    case Path::avx512_bf16: return avx512_bf16::call; \
    case Path::avx512: return avx512::call;           \
    case Path::avx2: return avx2::call;               \
    case Path::portable: break;                       \
    }                                                 \
    return portable::call
#else
#define OF_PATH(call) return portable::call
#endif

template <typename T>
Loops<T> loops_of([[maybe_unused]] Path path) {
    OF_PATH(table<T>());
}

template <typename From, typename To>
Tiles<From, To> tiles_of([[maybe_unused]] Path path) {
#if defined(__x86_64__) && defined(__linux__)
    if constexpr (std::is_same_v<To, c10::BFloat16>)
        if (path == Path::amx) return amx_tiles();
#endif
    OF_PATH(tile_table<From COMMA To>());
}

template Loops<float> loops_of(Path);
template Loops<c10::BFloat16> loops_of(Path);
template Tiles<float, float> tiles_of(Path);
template Tiles<c10::BFloat16, float> tiles_of(Path);
template Tiles<c10::BFloat16, c10::BFloat16> tiles_of(Path);

}  // namespace preceptor
