// Inner loops over plain memory, compiled for several instruction sets; `loops<T>()` is this CPU's set.
#pragma once
#include <cstdint>

namespace preceptor {

/// Side of the square tiles that attention works in.
constexpr int64_t kTile = 64;

struct RowSum {
    float top, sum;
};

template <typename T>
struct Loops {
    /// out [rows, width] = silu(gate) * up for x [rows, 2 width] = gate | up.
    void (*swiglu)(const T *x, T *out, int64_t rows, int64_t width);
    void (*swiglu_backward)(const T *x, const T *dy, T *dx, int64_t rows, int64_t width);
    /// Rotates the first `heads` heads of every row [width] by the angles of cosine, sine [rows, size / 2].
    void (*rotate)(const T *x, T *out, const float *cosine, const float *sine, float sign, int64_t rows,
                   int64_t width, int64_t heads, int64_t size);
    /// out[i] = exp(scale x[i] - top), 0 from `valid` up to `count`; returns top and the sum of out.
    RowSum (*softmax_row)(const float *x, T *out, float scale, int64_t valid, int64_t count);
    /// out[i] = factor x[i].
    void (*scale_row)(const float *x, T *out, float factor, int64_t count);
    /// One tile of attention's backward pass, keys down, queries across: writes probabilities and d_scores.
    /// A query sees a key when key <= query + offset, both counted within the tile.
    void (*tile_backward)(const float *scores, const float *d_probabilities, const float *lse, const float *delta,
                          float scale, int64_t offset, T *probabilities, T *d_scores);
    /// Turns a row of logits into onehot(target) - p, the derivative of log p(target), in place; log p and
    /// "is the largest" (0 or 1) of the target, and the entropy of the row in nats.
    void (*score_row)(T *x, int64_t count, int64_t target, float *log_p, float *entropy, float *is_top);
    /// out [rows, outputs] (row stride out_stride) = x [rows, inputs] (f32) times weights [outputs, inputs]
    /// transposed. Each element's sum runs in one order whatever the number of rows.
    void (*thin_product)(const float *x, const T *weights, T *out, int64_t rows, int64_t inputs, int64_t outputs,
                         int64_t out_stride);
    /// Dot product, and y += factor x, of `count` elements.
    float (*dot)(const T *x, const T *y, int64_t count);
    void (*axpy)(const T *x, float *y, float factor, int64_t count);
};

template <typename T>
const Loops<T> &loops();

}  // namespace preceptor
