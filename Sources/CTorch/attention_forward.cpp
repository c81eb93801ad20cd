// Attention's forward pass: tiles of 64 queries by 64 keys, scores and sums in f32.
//
// Tiles of keys are counted from the start of the prefix, so that a sequence behind a shared prefix has, bit by
// bit, the numbers of the two in one piece.
#include "attention.h"
#include "numbers.h"
#include "parallel.h"

#include <cmath>

namespace preceptor {

template <typename T, typename E>
void attend_one(const T *q, const Past<T> &past, const Shape &shape, T *out) {
    const auto &loop = loops<T>();
    const int64_t heads = shape.group(), size = shape.size, count = past.count(), span = count + count % 2;
    SCRATCH(float, scores, heads * span);
    SCRATCH(E, weights, heads * span);
    SCRATCH(float, sums, heads * size);
    SCRATCH(E, queries, heads * size);
    tiles<T, E>().copy_row(q, queries, heads * size);
    tiles<T, E>().thin_product(queries, size, past.keys.own, past.keys.stride, size, scores, span, heads, count, false);
    SCRATCH(float, factors, heads);
    for (int64_t head = 0; head < heads; head++)
        factors[head] =
            1.0f / loops<E>().softmax_row(scores + head * span, weights + head * span, shape.scale, count, span).sum;
    tiles<T, E>().thin_mix(weights, span, past.values.own, past.values.stride, sums, heads, count, size);
    for (int64_t head = 0; head < heads; head++) loop.scale_row(sums + head * size, out + head * size, factors[head], size);
}

template <typename T, typename E>
void attend(const Rows<T> &queries, const Past<T> &past, const Shape &shape, T *out, int64_t out_stride, float *lse) {
    const int64_t size = shape.size, total = queries.count(), blocks = tile_count(past.count()), span = blocks * kTile;
    const int64_t offset = past.count() - total;
    SCRATCH(E, rows, kTile * size);
    SCRATCH(E, keys, span * size);
    SCRATCH(E, values, span * size);
    SCRATCH(float, scores, kTile * span);
    SCRATCH(E, weights, kTile * span);
    SCRATCH(float, sums, kTile * size);
    for (int64_t first = 0; first < past.count(); first += kTile) {
        past.keys.copy_tile(first, size, rows);
        pack_columns(rows, size, keys + first * size);
        past.values.copy_tile(first, size, rows);
        pack_rows(rows, size, values + first * size);
    }
    for (int64_t start = 0; start < total; start += kTile) {
        const int64_t count = std::min(kTile, total - start);
        const int64_t seen = tile_count(start + count + offset);
        queries.copy_tile(start, size, rows);
        for (int64_t block = 0; block < seen; block++)
            multiply_tile(kTile, size, rows, size, keys + block * kTile * size, scores + block * kTile, span, false);
        float factors[kTile];
        for (int64_t row = 0; row < count; row++) {
            const int64_t visible = start + row + offset + 1;
            const auto sum = loops<E>().softmax_row(scores + row * span, weights + row * span, shape.scale, visible,
                                                    seen * kTile);
            factors[row] = 1.0f / sum.sum;
            if (lse) lse[start + row] = sum.top + std::log(sum.sum);
        }
        for (int64_t block = 0; block < seen; block++)
            multiply_tile(size, kTile, weights + block * kTile, span, values + block * kTile * size, sums, size, block > 0);
        for (int64_t row = 0; row < count; row++)
            loops<T>().scale_row(sums + row * size, out + (start + row) * out_stride, factors[row], size);
    }
}

template <typename T, typename E>
void attend_all(const T *x, const Sequences &all, const Shape &shape, T *out, float *lse) {
    const int64_t heads = shape.heads, width = shape.width(), out_width = heads * shape.size;
    parallel_for(all.count() * heads, [&](int64_t task) {
        const int64_t sequence = task / heads, head = task % heads;
        const int64_t start = all.starts[sequence], length = all.lengths[sequence];
        const Rows<T> queries{x + start * width + head * shape.size, length, width};
        attend<T, E>(queries, past_of(x, all, sequence, head / shape.group(), shape), shape,
               out + start * out_width + head * shape.size, out_width, lse + start * heads + head * length);
    });
}

#define DEFINED_FOR(T, E)                                                                                      \
    template void attend_one<T, E>(const T *, const Past<T> &, const Shape &, T *);                            \
    template void attend<T, E>(const Rows<T> &, const Past<T> &, const Shape &, T *, int64_t, float *);        \
    template void attend_all<T, E>(const T *, const Sequences &, const Shape &, T *, float *);
DEFINED_FOR(float, float)
DEFINED_FOR(c10::BFloat16, float)
DEFINED_FOR(c10::BFloat16, c10::BFloat16)

}  // namespace preceptor
