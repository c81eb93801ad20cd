// Products of bf16 in the processor's tiles (AMX): 16 rows of inputs by a panel of outputs.
//
// A tile's step takes 32 inputs: the even and the odd ones are summed apart, in their order, then together, then onto
// the output. Every product here takes those steps from the same inputs on, so that an output's bits do not depend on
// the block that it is computed in.
#include "amx.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "scratch.h"

#pragma clang attribute push(__attribute__((target("amx-tile,amx-bf16"))), apply_to = function)

namespace preceptor {

namespace {

using c10::BFloat16;

/// Rows of a tile, and inputs of a step.
constexpr int64_t kSide = 16, kStep = 32;
static_assert(kSide == kPanel, "a panel is a tile's columns");

/// What `ldtilecfg` reads.
struct alignas(64) Shapes {
    uint8_t palette = 1, start = 0, reserved[14] = {};
    uint16_t row_bytes[16] = {};
    uint8_t rows[16] = {};

    void set(int tile, int64_t rows, int64_t bytes) {
        this->rows[tile] = static_cast<uint8_t>(rows);
        row_bytes[tile] = static_cast<uint16_t>(bytes);
    }
};

// Tiles 0 to 3 hold sums (two panels of the upper rows, two of the lower), 4 and 5 the left operand's rows, 6 and 7
// the right operand's panels.

/// Shapes the tiles for blocks of `upper` and `lower` rows and steps of `inputs`.
void shape(int64_t upper, int64_t lower, int64_t inputs) {
    Shapes shapes;
    for (int panel : {0, 1}) {
        shapes.set(panel, upper, kSide * sizeof(float));
        if (lower) shapes.set(2 + panel, lower, kSide * sizeof(float));
        shapes.set(6 + panel, inputs / 2, kPanel * sizeof(uint32_t));
    }
    shapes.set(4, upper, inputs * sizeof(BFloat16));
    if (lower) shapes.set(5, lower, inputs * sizeof(BFloat16));
    _tile_loadconfig(&shapes);
}

/// Few rows wait for memory rather than for sums: what they read is asked for that many steps before.
constexpr int64_t kAhead = 2;

/// R tiles of rows by P panels; the operands as in `Tiles::product`, strides in elements.
template <int R, int P>
void block(int64_t steps, const BFloat16 *a, int64_t a_stride, const BFloat16 *b, int64_t panel, float *c, int64_t c_stride,
           bool add) {
    const int64_t a_bytes = a_stride * sizeof(BFloat16), b_bytes = kPanel * sizeof(uint32_t), c_bytes = c_stride * sizeof(float);
    float *lower = c + kSide * c_stride;
    if (add) {
        _tile_loadd(0, c, c_bytes);
        if constexpr (P > 1) _tile_loadd(1, c + kPanel, c_bytes);
        if constexpr (R > 1) _tile_loadd(2, lower, c_bytes);
        if constexpr (R > 1 && P > 1) _tile_loadd(3, lower + kPanel, c_bytes);
    } else {
        _tile_zero(0);
        if constexpr (P > 1) _tile_zero(1);
        if constexpr (R > 1) _tile_zero(2);
        if constexpr (R > 1 && P > 1) _tile_zero(3);
    }
    for (int64_t step = 0; step < steps; step++, a += kStep, b += kStep * kPanel) {
        if constexpr (R == 1)
#pragma clang loop unroll(full)
            for (int64_t line = 0; line < P * kSide; line++)
                __builtin_prefetch(b + line / kSide * panel + kAhead * kStep * kPanel + line % kSide * 2 * kPanel);
        _tile_loadd(4, a, a_bytes);
        if constexpr (R > 1) _tile_loadd(5, a + kSide * a_stride, a_bytes);
        _tile_loadd(6, b, b_bytes);
        if constexpr (P > 1) _tile_loadd(7, b + panel, b_bytes);
        _tile_dpbf16ps(0, 4, 6);
        if constexpr (P > 1) _tile_dpbf16ps(1, 4, 7);
        if constexpr (R > 1) _tile_dpbf16ps(2, 5, 6);
        if constexpr (R > 1 && P > 1) _tile_dpbf16ps(3, 5, 7);
    }
    _tile_stored(0, c, c_bytes);
    if constexpr (P > 1) _tile_stored(1, c + kPanel, c_bytes);
    if constexpr (R > 1) _tile_stored(2, lower, c_bytes);
    if constexpr (R > 1 && P > 1) _tile_stored(3, lower + kPanel, c_bytes);
}

/// R tiles of rows by all panels.
template <int R>
void panels_of(int64_t panels, int64_t steps, const BFloat16 *a, int64_t a_stride, const BFloat16 *b, int64_t panel, float *c,
               int64_t c_stride, bool add) {
    int64_t p = 0;
    for (; p + 2 <= panels; p += 2) block<R, 2>(steps, a, a_stride, b + p * panel, panel, c + p * kPanel, c_stride, add);
    if (p < panels) block<R, 1>(steps, a, a_stride, b + p * panel, panel, c + p * kPanel, c_stride, add);
}

void product(int64_t m, int64_t panels, int64_t inputs, const BFloat16 *a, int64_t a_stride, const BFloat16 *b, int64_t panel,
             float *c, int64_t c_stride, bool add) {
    const int64_t steps = inputs / kStep, whole = steps * kStep, rest = inputs - whole;
    for (int64_t row = 0; row < m; row += 2 * kSide, a += 2 * kSide * a_stride, c += 2 * kSide * c_stride) {
        const int64_t upper = std::min(kSide, m - row), lower = std::min(kSide, m - row - upper);
        const auto pass = lower ? panels_of<2> : panels_of<1>;
        if (steps || !rest) {
            shape(upper, lower, kStep);
            pass(panels, steps, a, a_stride, b, panel, c, c_stride, add);
        }
        if (rest) {
            shape(upper, lower, rest);
            pass(panels, 1, a + whole, a_stride, b + whole * kPanel, panel, c, c_stride, add || steps);
        }
    }
    _tile_release();
}

/// What lies around the products: the same as without tiles.
const Tiles<BFloat16, BFloat16> &around() {
    static const auto table = tiles_of<BFloat16, BFloat16>(Path::avx512_bf16);
    return table;
}

void thin_product(const BFloat16 *x, int64_t x_stride, const BFloat16 *weights, int64_t stride, int64_t inputs, float *out,
                  int64_t out_stride, int64_t rows, int64_t outputs, bool add) {
    constexpr int64_t kOutputs = 2 * kPanel;
    SCRATCH(BFloat16, packed, kOutputs * inputs);
    SCRATCH(float, sums, rows * kPanel);
    for (int64_t n = 0; n < outputs; n += kOutputs) {
        const int64_t count = std::min(kOutputs, outputs - n), whole = count / kPanel, rest = count % kPanel;
        around().pack_columns(weights + n * stride, stride, count, inputs, packed);
        if (whole) product(rows, whole, inputs, x, x_stride, packed, kPanel * inputs, out + n, out_stride, add);
        if (!rest) continue;
        float *last = out + n + whole * kPanel;
        for (int64_t row = 0; add && row < rows; row++) std::memcpy(sums + row * kPanel, last + row * out_stride, rest * sizeof(float));
        product(rows, 1, inputs, x, x_stride, packed + whole * kPanel * inputs, kPanel * inputs, sums, kPanel, add);
        for (int64_t row = 0; row < rows; row++) std::memcpy(last + row * out_stride, sums + row * kPanel, rest * sizeof(float));
    }
}

void thin_mix(const BFloat16 *weights, int64_t weight_stride, const BFloat16 *values, int64_t value_stride, float *out,
              int64_t rows, int64_t keys, int64_t size) {
    constexpr int64_t kKeys = 4 * kStep;
    SCRATCH(BFloat16, packed, kKeys * size);
    for (int64_t key = 0; key < keys; key += kKeys) {
        const int64_t count = std::min(kKeys, keys - key), even = count + count % 2;
        around().pack_rows(values + key * value_stride, value_stride, count, size, packed);
        product(rows, size / kPanel, even, weights + key, weight_stride, packed, kPanel * even, out, size, key > 0);
    }
}

}  // namespace

bool has_amx() {
    static const bool granted = [] {
        unsigned a, b, c, d;
        constexpr unsigned kBF16 = 1u << 22, kTiles = 1u << 24;
        if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & kBF16) == 0 || (d & kTiles) == 0) return false;
        // Linux keeps the tiles of processes that asked for them (arch/x86/include/uapi/asm/prctl.h).
        constexpr long kRequestPermission = 0x1023, kTileData = 18;
        return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
    }();
    return granted;
}

Tiles<BFloat16, BFloat16> amx_tiles() {
    auto table = around();
    table.product = product;
    table.thin_product = thin_product;
    table.thin_mix = thin_mix;
    table.step = kStep;
    return table;
}

}  // namespace preceptor

#pragma clang attribute pop
#endif
