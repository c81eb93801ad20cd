// Inner loops over plain memory, compiled for several instruction sets; `loops<T>()` is this CPU's set.
#pragma once
#include <cstdint>

namespace preceptor {

/// Side of the square tiles that attention works in.
constexpr int64_t kTile = 64;

struct RowSum {
    float top, sum;
};

/// x [rows, inputs] times weights [outputs, inputs] transposed; `inputs` is even where T is bf16.
template <typename T>
struct Term {
    const T *x;
    int64_t x_stride;
    const T *weights;
    int64_t weight_stride;
    int64_t inputs;
};

struct RowMoments {
    float top, sum, weighted;
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
    /// Turns a row of logits into onehot(target) - p, in place, with p the softmax of scale x: the derivative of
    /// log p(target) by scale x. Gives log p and "is the largest" (0 or 1) of the target, and p's entropy in nats.
    void (*score_row)(T *x, int64_t count, int64_t target, float scale, float *log_p, float *entropy, float *is_top);
    /// The same log p of a row of logits that stays as it is.
    float (*log_probability)(const T *x, int64_t count, int64_t target, float scale);
    /// to[word * to_stride + row] = from[row * stride + word] for 32-bit words: an f32, or a pair of bf16.
    void (*transpose_words)(const uint32_t *from, int64_t stride, int64_t rows, int64_t words, uint32_t *to,
                            int64_t to_stride);
    /// out [rows, outputs] = bias (may be null) + the sum of the terms, for few rows. Each term is summed in f32
    /// in the order of its inputs, as oneDNN's kernels do: one row's numbers never depend on the others.
    void (*thin_product)(const Term<T> *terms, int64_t count, const T *bias, T *out, int64_t out_stride, int64_t rows,
                         int64_t outputs);
    void (*thin_scores)(const Term<T> *terms, int64_t count, const T *bias, float *out, int64_t out_stride,
                        int64_t rows, int64_t outputs);
    /// out [rows, size] = weights [rows, keys] values [keys, size], in the order of the keys, a tile of
    /// kTile keys at a time; `weights` is zero behind the last key, and `size` a multiple of 16.
    void (*thin_mix)(const T *weights, int64_t weight_stride, const T *values, int64_t value_stride, float *out,
                     int64_t rows, int64_t keys, int64_t size);
    /// Dot product of `count` elements.
    float (*dot)(const T *x, const T *y, int64_t count);
};

template <typename T>
const Loops<T> &loops();

}  // namespace preceptor
