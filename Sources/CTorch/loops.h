// Inner loops over plain memory, compiled for several instruction sets; `loops<T>()` and `tiles<From, To>()` are
// those of this process's path.
#pragma once
#include <c10/util/BFloat16.h>

#include <cstdint>

#include "processor.h"

namespace preceptor {

/// Side of the square tiles that attention works in.
constexpr int64_t kTile = 64;

/// Outputs that lie beside each other in a packed right operand.
constexpr int64_t kPanel = 16;

struct RowSum {
    float top, sum;
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
    /// out = x / sqrt(mean(x^2) + epsilon) * weight, row by row.
    void (*rms_norm)(const T *x, const T *weight, T *out, int64_t rows, int64_t width, float epsilon);
    void (*rms_norm_backward)(const T *x, const T *weight, const T *dy, T *dx, int64_t rows, int64_t width,
                              float epsilon);
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
    /// Dot product of `count` elements.
    float (*dot)(const T *x, const T *y, int64_t count);
};

template <typename T>
Loops<T> loops_of(Path path);

template <typename T>
const Loops<T> &loops() {
    static const Loops<T> table = loops_of<T>(path());
    return table;
}

/// Operands of From, multiplied as To: the same type, or bf16 widened to f32.
///
/// A packed right operand is panels of kPanel outputs, zero past the last; in a panel the inputs one after
/// another, of bf16 two by two.
template <typename From, typename To>
struct Tiles {
    void (*copy_row)(const From *from, To *to, int64_t count);
    /// Rows [rows, inputs] as the right operand of a product that sums over the inputs, rows being the outputs.
    void (*pack_columns)(const From *from, int64_t stride, int64_t rows, int64_t inputs, To *to);
    /// Rows [inputs, columns] as the right operand of a product that sums over the inputs.
    void (*pack_rows)(const From *from, int64_t stride, int64_t inputs, int64_t columns, To *to);
    /// Panels that lie `panel` apart as panels of To of `inputs`.
    void (*widen_panels)(const From *from, int64_t panel, int64_t panels, int64_t inputs, To *to);
    /// The same as the right operand of a product that sums over their outputs; `columns` is a multiple of 32.
    void (*turn_panels)(const From *from, int64_t panel, int64_t panels, int64_t columns, To *to);
    /// Turns a tile of kTile rows and columns.
    void (*transpose)(const To *from, To *to);
    /// c [m, kPanel panels] = a [m, inputs] b, or what c holds going on (`add`), in the order of the inputs; the
    /// panels of b lie `panel` apart.
    void (*product)(int64_t m, int64_t panels, int64_t inputs, const To *a, int64_t a_stride, const From *b, int64_t panel,
                    float *c, int64_t c_stride, bool add);
    /// The same of weights [outputs, inputs] that are not packed, for few rows; `inputs` is even where From is bf16.
    void (*thin_product)(const To *x, int64_t x_stride, const From *weights, int64_t stride, int64_t inputs, float *out,
                         int64_t out_stride, int64_t rows, int64_t outputs, bool add);
    /// Rows up to which `thin_product` is faster than packing.
    int64_t thin_rows;
    /// out [rows, size] = weights [rows, keys] values [keys, size], in the order of the keys; `weights` is zero
    /// behind the last key, and `size` a multiple of kPanel.
    void (*thin_mix)(const To *weights, int64_t weight_stride, const From *values, int64_t value_stride, float *out,
                     int64_t rows, int64_t keys, int64_t size);
    /// Inputs that are summed in one step: a piece of a sum begins at a multiple of it.
    int64_t step;
};

template <typename From, typename To>
Tiles<From, To> tiles_of(Path path);

template <typename From, typename To>
const Tiles<From, To> &tiles() {
    static const Tiles<From, To> table = tiles_of<From, To>(path());
    return table;
}

}  // namespace preceptor
