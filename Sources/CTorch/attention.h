// Causal attention over sequences in the rows of a matrix: what its forward and backward passes share.
#pragma once
#include <algorithm>
#include <cstring>

#include "tiles.h"

namespace preceptor {

/// Heads, their size, and the factor before the softmax. A row holds queries | keys | values.
struct Shape {
    int64_t heads, kv_heads, size;
    float scale;
    int64_t group() const { return heads / kv_heads; }
    int64_t width() const { return (heads + 2 * kv_heads) * size; }
};

inline int64_t tile_count(int64_t rows) { return (rows + kTile - 1) / kTile; }

/// Sequences one after another. Sequence i may continue an earlier one, prefixes[i], which itself continues
/// none; -1 stands for no prefix.
struct Sequences {
    std::vector<int64_t> lengths, prefixes;
    /// First row of every sequence, and the number of rows.
    std::vector<int64_t> starts = {0};

    explicit Sequences(at::IntArrayRef lengths);
    Sequences(at::IntArrayRef lengths, at::IntArrayRef prefixes);

    int64_t count() const { return static_cast<int64_t>(lengths.size()); }
    int64_t rows() const { return starts.back(); }
    /// Rows that come before a sequence's own.
    int64_t past(int64_t sequence) const { return prefixes[sequence] < 0 ? 0 : lengths[prefixes[sequence]]; }
};

/// One head of a sequence, `stride` elements from row to row: the rows of its prefix, then its own.
template <typename T>
struct Rows {
    const T *own;
    int64_t own_count, stride;
    const T *prefix = nullptr;
    int64_t prefix_count = 0;

    int64_t count() const { return prefix_count + own_count; }

    /// Copies up to kTile rows [rows, size] from `first` on and fills the tile with zeros.
    template <typename E>
    void copy_tile(int64_t first, int64_t size, E *out) const {
        const int64_t end = std::min(first + kTile, count());
        for (int64_t row = first; row < end; row++) {
            const T *from = row < prefix_count ? prefix + row * stride : own + (row - prefix_count) * stride;
            tiles<T, E>().copy_row(from, out + (row - first) * size, size);
        }
        std::memset(static_cast<void *>(out + (end - first) * size), 0, (first + kTile - end) * size * sizeof(E));
    }
};

/// Keys and values that a sequence sees.
template <typename T>
struct Past {
    Rows<T> keys, values;
    int64_t count() const { return keys.count(); }
};

/// What a sequence of x [rows, width] sees in one key-value head.
template <typename T>
Past<T> past_of(const T *x, const Sequences &all, int64_t sequence, int64_t kv_head, const Shape &shape) {
    const auto column = [&](int64_t head) {
        const T *top = x + head * shape.size;
        const int64_t width = shape.width(), prefix = all.prefixes[sequence];
        Rows<T> rows{top + all.starts[sequence] * width, all.lengths[sequence], width};
        if (prefix >= 0) {
            rows.prefix = top + all.starts[prefix] * width;
            rows.prefix_count = all.lengths[prefix];
        }
        return rows;
    };
    return {column(shape.heads + kv_head), column(shape.heads + shape.kv_heads + kv_head)};
}

/// A full tile [kTile, size] as the right operand of a product that sums over its rows.
template <typename E>
void pack_rows(const E *tile, int64_t size, E *out) { tiles<E, E>().pack_rows(tile, size, kTile, size, out); }

/// A full tile [kTile, size] as the right operand of a product that sums over its columns.
template <typename E>
void pack_columns(const E *tile, int64_t size, E *out) { tiles<E, E>().pack_columns(tile, size, kTile, size, out); }

/// c [kTile, n] (+)= a [kTile, k] b; n is a multiple of kPanel.
template <typename E>
void multiply_tile(int64_t n, int64_t k, const E *a, int64_t a_stride, const E *b, float *c, int64_t c_stride, bool add) {
    tiles<E, E>().product(kTile, n / kPanel, k, a, a_stride, b, kPanel * k, c, c_stride, add);
}

/// T is the type of the tensors' elements, E the one that is multiplied.
///
/// The last `queries` of a sequence, one head of them. lse [queries], log-sum-exp of each, may be null.
template <typename T, typename E>
void attend(const Rows<T> &queries, const Past<T> &past, const Shape &shape, T *out, int64_t out_stride, float *lse);

/// One query of every head that shares the keys (decoding): the arithmetic of `attend`, without packing. The
/// past has no prefix. q, out: the heads one after another.
template <typename T, typename E>
void attend_one(const T *q, const Past<T> &past, const Shape &shape, T *out);

/// x [rows, W] -> out [rows, heads size] and lse, for each sequence [heads, length].
template <typename T, typename E>
void attend_all(const T *x, const Sequences &all, const Shape &shape, T *out, float *lse);

/// What the backward pass reads, and the gradient of x that it writes.
template <typename T>
struct BackwardPass {
    const T *x, *out, *d_out;
    const float *lse;
    T *dx;
};

template <typename T, typename E>
void attend_backward(const BackwardPass<T> &pass, const Sequences &all, const Shape &shape);

}  // namespace preceptor
