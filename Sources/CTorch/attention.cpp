// Causal attention over sequences that lie one after another without padding, in training and from a cache.
//
// Tiles of 64 queries by 64 keys through oneDNN's small matrix products, scores and sums in f32. The forward
// pass keeps one number a query and head (log-sum-exp); the backward pass recomputes the probabilities
// (FlashAttention-2, arXiv:2307.08691, without its streaming softmax: a tile's whole score row is at hand).
#include "loops.h"
#include "numbers.h"
#include "parallel.h"
#include "support.h"
#include "tiles.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <cmath>

namespace {

using namespace preceptor;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/// Heads, their size, and the factor before the softmax. A row holds queries | keys | values.
struct Shape {
    int64_t heads, kv_heads, size;
    float scale;
    int64_t group() const { return heads / kv_heads; }
    int64_t width() const { return (heads + 2 * kv_heads) * size; }
};

int64_t tiles(int64_t rows) { return (rows + kTile - 1) / kTile; }

/// Copies up to kTile rows [rows, size] and fills the tile with zeros.
template <typename T>
void copy_rows(const T *x, int64_t stride, int64_t rows, int64_t size, T *out) {
    for (int64_t row = 0; row < rows; row++) std::memcpy(out + row * size, x + row * stride, size * sizeof(T));
    std::memset(static_cast<void *>(out + rows * size), 0, (kTile - rows) * size * sizeof(T));
}

/// A full tile [kTile, size] as the right operand of a product that sums over its rows.
void pack_rows(const float *tile, int64_t size, float *out) { std::memcpy(out, tile, kTile * size * sizeof(float)); }
void pack_rows(const c10::BFloat16 *tile, int64_t size, c10::BFloat16 *out) {
    for (int64_t row = 0; row < kTile; row += 2) {
        const auto *even = tile + row * size, *odd = even + size;
        auto *to = out + row * size;
        for (int64_t i = 0; i < size; i++) {
            to[2 * i] = even[i];
            to[2 * i + 1] = odd[i];
        }
    }
}

/// A full tile [kTile, size] as the right operand of a product that sums over its columns.
template <typename T>
void pack_tile(const T *tile, int64_t size, T *out) { pack_columns(tile, size, kTile, size, out); }

template <typename T>
void transpose_tile(const T *tile, T *out) {
    for (int64_t row = 0; row < kTile; row++)
        for (int64_t column = 0; column < kTile; column++) out[column * kTile + row] = tile[row * kTile + column];
}

template <typename T>
void multiply_tile(int64_t n, int64_t k, const T *a, int64_t a_stride, const T *b, float *c, int64_t c_stride, bool add) {
    multiply(kTile, n, k, a, a_stride, b, c, c_stride, add);
}

/// Keys and values of one sequence and one key-value head, `stride` elements from row to row.
template <typename T>
struct Past {
    const T *keys, *values;
    int64_t stride, count;
};

/// One query of every head that shares the keys (decoding): the arithmetic of `attend`, without packing.
/// q, out: the heads one after another.
template <typename T>
void attend_one(const T *q, const Past<T> &past, const Shape &shape, T *out) {
    const auto &loop = loops<T>();
    const int64_t heads = shape.group(), size = shape.size, span = past.count + past.count % 2;
    SCRATCH(float, scores, heads * span);
    SCRATCH(T, weights, heads * span);
    SCRATCH(float, sums, heads * size);
    const Term<T> term{q, size, past.keys, past.stride, size};
    loop.thin_scores(&term, 1, nullptr, scores, span, heads, past.count);
    SCRATCH(float, factors, heads);
    for (int64_t head = 0; head < heads; head++)
        factors[head] =
            1.0f / loop.softmax_row(scores + head * span, weights + head * span, shape.scale, past.count, span).sum;
    loop.thin_mix(weights, span, past.values, past.stride, sums, heads, past.count, size);
    for (int64_t head = 0; head < heads; head++) loop.scale_row(sums + head * size, out + head * size, factors[head], size);
}

/// One query head over its sequence. lse [queries] may be null.
template <typename T>
void attend(const T *q, int64_t q_stride, int64_t queries, const Past<T> &past, const Shape &shape, T *out,
            int64_t out_stride, float *lse) {
    const int64_t size = shape.size, blocks = tiles(past.count), span = blocks * kTile;
    const int64_t offset = past.count - queries;
    SCRATCH(T, rows, kTile * size);
    SCRATCH(T, keys, span * size);
    SCRATCH(T, values, span * size);
    SCRATCH(float, scores, kTile * span);
    SCRATCH(T, weights, kTile * span);
    SCRATCH(float, sums, kTile * size);
    for (int64_t block = 0; block < blocks; block++) {
        const int64_t first = block * kTile, count = std::min(kTile, past.count - first);
        copy_rows(past.keys + first * past.stride, past.stride, count, size, rows);
        pack_tile(rows, size, keys + first * size);
        copy_rows(past.values + first * past.stride, past.stride, count, size, rows);
        pack_rows(rows, size, values + first * size);
    }
    for (int64_t start = 0; start < queries; start += kTile) {
        const int64_t count = std::min(kTile, queries - start);
        const int64_t seen = tiles(start + count + offset);
        copy_rows(q + start * q_stride, q_stride, count, size, rows);
        for (int64_t block = 0; block < seen; block++)
            multiply_tile(kTile, size, rows, size, keys + block * kTile * size, scores + block * kTile, span, false);
        float factors[kTile];
        for (int64_t row = 0; row < count; row++) {
            const int64_t visible = start + row + offset + 1;
            const auto total = loops<T>().softmax_row(scores + row * span, weights + row * span, shape.scale, visible,
                                                      seen * kTile);
            factors[row] = 1.0f / total.sum;
            if (lse) lse[start + row] = total.top + std::log(total.sum);
        }
        for (int64_t block = 0; block < seen; block++)
            multiply_tile(size, kTile, weights + block * kTile, span, values + block * kTile * size, sums, size, block > 0);
        for (int64_t row = 0; row < count; row++)
            loops<T>().scale_row(sums + row * size, out + (start + row) * out_stride, factors[row], size);
    }
    end_products<T>();
}

/// Gradients of one key-value head and the query heads that share it.
/// x, dx: this sequence's rows [n, W]; out, d_out [n, heads * size]; lse [heads, n].
template <typename T>
void attend_backward(const T *x, const T *out, const T *d_out, const float *lse, int64_t n, int64_t kv_head,
                     const Shape &shape, T *dx) {
    const int64_t size = shape.size, width = shape.width(), out_width = shape.heads * size, area = kTile * size;
    const int64_t blocks = tiles(n);
    const T *k = x + (shape.heads + kv_head) * size, *v = k + shape.kv_heads * size;
    SCRATCH(T, k_rows, blocks * area);
    SCRATCH(T, k_packed, blocks * area);
    SCRATCH(T, v_rows, blocks * area);
    SCRATCH(float, dk, blocks * area);
    SCRATCH(float, dv, blocks * area);
    SCRATCH(T, rows, area);
    SCRATCH(T, q_columns, area);
    SCRATCH(T, q_packed, area);
    SCRATCH(T, d_columns, area);
    SCRATCH(T, d_packed, area);
    SCRATCH(float, scores, kTile * kTile);
    SCRATCH(float, d_probabilities, kTile * kTile);
    SCRATCH(T, probabilities, kTile * kTile);
    SCRATCH(T, d_scores, kTile * kTile);
    SCRATCH(T, d_scores_turned, kTile * kTile);
    SCRATCH(float, dq, area);
    std::memset(dk, 0, blocks * area * sizeof(float));
    std::memset(dv, 0, blocks * area * sizeof(float));
    for (int64_t block = 0; block < blocks; block++) {
        const int64_t first = block * kTile, count = std::min(kTile, n - first);
        copy_rows(k + first * width, width, count, size, k_rows + block * area);
        pack_rows(k_rows + block * area, size, k_packed + block * area);
        copy_rows(v + first * width, width, count, size, v_rows + block * area);
    }
    for (int64_t head = kv_head * shape.group(); head < (kv_head + 1) * shape.group(); head++) {
        for (int64_t start = 0; start < n; start += kTile) {
            const int64_t count = std::min(kTile, n - start);
            float delta[kTile], sums[kTile];
            for (int64_t row = 0; row < kTile; row++) {
                const int64_t place = (start + row) * out_width + head * size;
                delta[row] = row < count ? loops<T>().dot(out + place, d_out + place, size) : 0.0f;
                sums[row] = row < count ? lse[head * n + start + row] : 1e30f;
            }
            copy_rows(x + start * width + head * size, width, count, size, rows);
            pack_tile(rows, size, q_columns);
            pack_rows(rows, size, q_packed);
            copy_rows(d_out + start * out_width + head * size, out_width, count, size, rows);
            pack_tile(rows, size, d_columns);
            pack_rows(rows, size, d_packed);
            for (int64_t block = 0; block <= start / kTile; block++) {
                const int64_t place = block * area;
                multiply_tile(kTile, size, k_rows + place, size, q_columns, scores, kTile, false);
                multiply_tile(kTile, size, v_rows + place, size, d_columns, d_probabilities, kTile, false);
                loops<T>().tile_backward(scores, d_probabilities, sums, delta, shape.scale, start - block * kTile,
                                         probabilities, d_scores);
                multiply_tile(size, kTile, probabilities, kTile, d_packed, dv + place, size, true);
                multiply_tile(size, kTile, d_scores, kTile, q_packed, dk + place, size, true);
                transpose_tile(d_scores, d_scores_turned);
                multiply_tile(size, kTile, d_scores_turned, kTile, k_packed + place, dq, size, block > 0);
            }
            for (int64_t row = 0; row < count; row++)
                loops<T>().scale_row(dq + row * size, dx + (start + row) * width + head * size, 1.0f, size);
        }
    }
    T *dk_out = dx + (shape.heads + kv_head) * size, *dv_out = dk_out + shape.kv_heads * size;
    for (int64_t row = 0; row < n; row++) {
        loops<T>().scale_row(dk + row * size, dk_out + row * width, 1.0f, size);
        loops<T>().scale_row(dv + row * size, dv_out + row * width, 1.0f, size);
    }
    end_products<T>();
}

/// First row of every sequence, and the number of rows.
std::vector<int64_t> offsets(at::IntArrayRef lengths) {
    std::vector<int64_t> result = {0};
    for (auto length : lengths) result.push_back(result.back() + length);
    return result;
}

/// [rows of x, width] of which the first `written` rows will be written; those behind them are zero.
at::Tensor rows_to_write(const at::Tensor &x, int64_t width, int64_t written) {
    auto result = at::empty({x.size(0), width}, x.options().requires_grad(false));
    result.narrow(0, written, x.size(0) - written).zero_();
    return result;
}

struct PackedAttention : torch::autograd::Function<PackedAttention> {
    static Variable forward(AutogradContext *context, const Variable &x, std::vector<int64_t> lengths, int64_t heads,
                            int64_t kv_heads, double scale) {
        const Shape shape{heads, kv_heads, x.size(1) / (heads + 2 * kv_heads), static_cast<float>(scale)};
        const auto starts = offsets(lengths);
        auto out = rows_to_write(x, heads * shape.size, starts.back());
        auto lse = at::empty({x.size(0) * heads}, x.options().dtype(at::kFloat));
        with_kernel_type(x, [&]<typename T>(T) {
            const T *from = x.const_data_ptr<T>();
            T *to = out.mutable_data_ptr<T>();
            float *sums = lse.mutable_data_ptr<float>();
            parallel_for(static_cast<int64_t>(lengths.size()) * heads, [&](int64_t task) {
                const int64_t sequence = task / heads, head = task % heads, n = lengths[sequence];
                const T *rows = from + starts[sequence] * shape.width();
                const T *keys = rows + (heads + head / shape.group()) * shape.size;
                const Past<T> past{keys, keys + kv_heads * shape.size, shape.width(), n};
                attend(rows + head * shape.size, shape.width(), n, past, shape,
                       to + starts[sequence] * heads * shape.size + head * shape.size, heads * shape.size,
                       sums + starts[sequence] * heads + head * n);
            });
        });
        context->save_for_backward({x, out, lse});
        context->saved_data["lengths"] = lengths;
        context->saved_data["heads"] = heads;
        context->saved_data["kv_heads"] = kv_heads;
        context->saved_data["scale"] = scale;
        return out;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &out = saved[1], &lse = saved[2];
        const auto d_out = gradients[0].contiguous();
        const auto lengths = context->saved_data["lengths"].toIntVector();
        const int64_t heads = context->saved_data["heads"].toInt(), kv_heads = context->saved_data["kv_heads"].toInt();
        const Shape shape{heads, kv_heads, x.size(1) / (heads + 2 * kv_heads),
                          static_cast<float>(context->saved_data["scale"].toDouble())};
        const auto starts = offsets(lengths);
        auto dx = rows_to_write(x, x.size(1), starts.back());
        with_kernel_type(x, [&]<typename T>(T) {
            parallel_for(static_cast<int64_t>(lengths.size()) * kv_heads, [&](int64_t task) {
                const int64_t first = starts[task / kv_heads], out_width = heads * shape.size;
                attend_backward(x.const_data_ptr<T>() + first * shape.width(), out.const_data_ptr<T>() + first * out_width,
                                d_out.const_data_ptr<T>() + first * out_width, lse.const_data_ptr<float>() + first * heads,
                                lengths[task / kv_heads], task % kv_heads, shape,
                                dx.mutable_data_ptr<T>() + first * shape.width());
            });
        });
        return {dx, {}, {}, {}, {}};
    }
};

/// Whether this CPU runs the small products on x's element type.
bool has_tiles(const at::Tensor &x, int64_t size) {
    if (!has_kernel(x) || size % 16 != 0) return false;
    return x.scalar_type() == at::kFloat ? has_products<float>() : has_products<c10::BFloat16>();
}

/// The same through libtorch's own attention, a sequence at a time: keys, values [count, kv_heads, size].
at::Tensor attend_composed(const at::Tensor &q, const at::Tensor &keys, const at::Tensor &values, double scale) {
    const auto queries = q.size(0), count = keys.size(0);
    auto heads_first = [](const at::Tensor &t) { return t.transpose(0, 1).unsqueeze(0); };
    std::optional<at::Tensor> mask;
    if (queries != count && queries > 1)
        mask = at::ones({queries, count}, q.options().dtype(at::kBool)).tril(count - queries);
    auto out = at::scaled_dot_product_attention(heads_first(q), heads_first(keys), heads_first(values), mask, 0.0,
                                                queries == count, scale, q.size(1) != keys.size(1));
    return out.squeeze(0).transpose(0, 1).reshape({queries, q.size(1) * q.size(2)});
}

/// Size of one head of rows [T, (heads + 2 kv_heads) size] that hold the sequences.
int64_t head_size(const at::Tensor &qkv, at::IntArrayRef lengths, int64_t heads, int64_t kv_heads) {
    TORCH_CHECK(kv_heads > 0 && heads % kv_heads == 0, heads, " heads cannot share ", kv_heads);
    TORCH_CHECK(qkv.dim() == 2 && qkv.size(1) % (heads + 2 * kv_heads) == 0, "no whole heads in ", qkv.sizes());
    TORCH_CHECK(offsets(lengths).back() <= qkv.size(0), "sequence lengths add up to more than ", qkv.size(0));
    return qkv.size(1) / (heads + 2 * kv_heads);
}

/// qkv [T, (heads + 2 kv_heads) size] of sequences with the given lengths -> [T, heads size]. Rows behind the
/// last sequence are padding: they are zero in the result, and so are their gradients.
at::Tensor attention(const at::Tensor &qkv, at::IntArrayRef lengths, int64_t heads, int64_t kv_heads, double scale) {
    const auto size = head_size(qkv, lengths, heads, kv_heads);
    if (has_tiles(qkv, size)) return PackedAttention::apply(qkv.contiguous(), lengths.vec(), heads, kv_heads, scale);
    const auto used = offsets(lengths).back();
    std::vector<at::Tensor> outputs;
    for (const auto &rows : qkv.narrow(0, 0, used).view({used, heads + 2 * kv_heads, size}).split_with_sizes(lengths)) {
        auto parts = rows.split_with_sizes({heads, kv_heads, kv_heads}, 1);
        outputs.push_back(attend_composed(parts[0], parts[1], parts[2], scale));
    }
    outputs.push_back(at::zeros({qkv.size(0) - used, heads * size}, qkv.options().requires_grad(false)));
    return at::cat(outputs);
}

/// As `attention`, after `past` earlier tokens of each sequence: writes the new keys and values into rows
/// past.. of its slot in the caches [slots, capacity, kv_heads size], then attends to the slot. No gradients.
at::Tensor attention_cached(const at::Tensor &qkv, const at::Tensor &keys, const at::Tensor &values,
                            at::IntArrayRef slots, at::IntArrayRef past, at::IntArrayRef lengths, int64_t heads,
                            int64_t kv_heads, double scale) {
    const auto size = head_size(qkv, lengths, heads, kv_heads), kv_width = kv_heads * size;
    const auto starts = offsets(lengths);
    TORCH_CHECK(slots.size() == lengths.size() && past.size() == lengths.size(), "slots or pasts for other sequences");
    TORCH_CHECK(keys.dim() == 3 && keys.size(2) == kv_width && keys.sizes() == values.sizes() && keys.is_contiguous() &&
                values.is_contiguous(), "caches ", keys.sizes(), " and ", values.sizes());
    for (size_t i = 0; i < lengths.size(); i++) {
        TORCH_CHECK(0 <= past[i] && past[i] + lengths[i] <= keys.size(1), "sequence ", i, " outgrows its cache");
        TORCH_CHECK(0 <= slots[i] && slots[i] < keys.size(0), "no slot ", slots[i], " in the cache");
    }
    auto out = rows_to_write(qkv, heads * size, starts.back());
    if (!has_tiles(qkv, size)) {
        const auto parts = qkv.split_with_sizes({heads * size, kv_width, kv_width}, 1);
        for (size_t i = 0; i < lengths.size(); i++) {
            const auto count = past[i] + lengths[i];
            keys[slots[i]].narrow(0, past[i], lengths[i]).copy_(parts[1].narrow(0, starts[i], lengths[i]));
            values[slots[i]].narrow(0, past[i], lengths[i]).copy_(parts[2].narrow(0, starts[i], lengths[i]));
            auto cached = [&](const at::Tensor &cache) { return cache[slots[i]].narrow(0, 0, count).view({count, kv_heads, size}); };
            auto q = parts[0].narrow(0, starts[i], lengths[i]).view({lengths[i], heads, size});
            out.narrow(0, starts[i], lengths[i]).copy_(attend_composed(q, cached(keys), cached(values), scale));
        }
        return out;
    }
    const Shape shape{heads, kv_heads, size, static_cast<float>(scale)};
    const auto rows = qkv.contiguous();
    const auto capacity = keys.size(1);
    with_kernel_type(qkv, [&]<typename T>(T) {
        const T *from = rows.const_data_ptr<T>();
        T *k = keys.mutable_data_ptr<T>(), *v = values.mutable_data_ptr<T>(), *to = out.mutable_data_ptr<T>();
        for (size_t i = 0; i < lengths.size(); i++) {
            for (int64_t row = 0; row < lengths[i]; row++) {
                const T *x = from + (starts[i] + row) * shape.width() + heads * size;
                const int64_t place = (slots[i] * capacity + past[i] + row) * kv_width;
                std::memcpy(k + place, x, kv_width * sizeof(T));
                std::memcpy(v + place, x + kv_width, kv_width * sizeof(T));
            }
        }
        parallel_for(static_cast<int64_t>(lengths.size()) * kv_heads, [&](int64_t task) {
            const int64_t i = task / kv_heads, kv_head = task % kv_heads, first = kv_head * shape.group();
            const int64_t base = slots[i] * capacity * kv_width + kv_head * size;
            const Past<T> cached{k + base, v + base, kv_width, past[i] + lengths[i]};
            const T *q = from + starts[i] * shape.width();
            T *place = to + starts[i] * heads * size;
            if (lengths[i] == 1) return attend_one(q + first * size, cached, shape, place + first * size);
            for (int64_t head = first; head < first + shape.group(); head++)
                attend(q + head * size, shape.width(), lengths[i], cached, shape, place + head * size, heads * size,
                       static_cast<float *>(nullptr));
        });
    });
    return out;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(preceptor, library) {
    library.def("attention(Tensor qkv, int[] lengths, int heads, int kv_heads, float scale) -> Tensor", &attention);
    library.def(
        "attention_cached(Tensor qkv, Tensor(a!) keys, Tensor(b!) values, int[] slots, int[] past, int[] lengths, "
        "int heads, int kv_heads, float scale) -> Tensor", &attention_cached);
}
