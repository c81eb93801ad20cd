// Operators of causal attention over sequences that lie one after another without padding, in training and from
// a cache. attention_forward.cpp and attention_backward.cpp do the work.
#include "attention.h"
#include "parallel.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace preceptor {

Sequences::Sequences(at::IntArrayRef lengths) : lengths(lengths.vec()), prefixes(lengths.size(), -1) {
    for (auto length : lengths) {
        TORCH_CHECK(length >= 0, "a sequence of ", length, " rows");
        starts.push_back(starts.back() + length);
    }
}

Sequences::Sequences(at::IntArrayRef lengths, at::IntArrayRef prefixes) : Sequences(lengths) {
    TORCH_CHECK(prefixes.size() == lengths.size(), prefixes.size(), " prefixes for ", lengths.size(), " sequences");
    for (int64_t i = 0; i < count(); i++) {
        TORCH_CHECK(-1 <= prefixes[i] && prefixes[i] < i, "sequence ", i, " cannot continue ", prefixes[i],
                    ": only one before it");
        TORCH_CHECK(prefixes[i] < 0 || prefixes[prefixes[i]] < 0, "sequence ", i, " cannot continue ", prefixes[i],
                    ", which continues ", prefixes[prefixes[i]]);
    }
    this->prefixes = prefixes.vec();
}

}  // namespace preceptor

namespace {

using namespace preceptor;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

at::Tensor rows_like(const at::Tensor &x, int64_t width) {
    return at::empty({x.size(0), width}, x.options().requires_grad(false));
}

struct PackedAttention : torch::autograd::Function<PackedAttention> {
    static Variable forward(AutogradContext *context, const Variable &x, const Sequences &all, int64_t heads,
                            int64_t kv_heads, double scale) {
        const Shape shape{heads, kv_heads, x.size(1) / (heads + 2 * kv_heads), static_cast<float>(scale)};
        auto out = rows_like(x, heads * shape.size);
        auto lse = at::empty({x.size(0) * heads}, x.options().dtype(at::kFloat));
        with_operand_types(x, [&]<typename T, typename E>(T, E) {
            attend_all<T, E>(x.const_data_ptr<T>(), all, shape, out.mutable_data_ptr<T>(), lse.mutable_data_ptr<float>());
        });
        context->save_for_backward({x, out, lse});
        context->saved_data["lengths"] = all.lengths;
        context->saved_data["prefixes"] = all.prefixes;
        context->saved_data["heads"] = heads;
        context->saved_data["kv_heads"] = kv_heads;
        context->saved_data["scale"] = scale;
        return out;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &out = saved[1], &lse = saved[2];
        const auto d_out = gradients[0].contiguous();
        const Sequences all(context->saved_data["lengths"].toIntVector(), context->saved_data["prefixes"].toIntVector());
        const int64_t heads = context->saved_data["heads"].toInt(), kv_heads = context->saved_data["kv_heads"].toInt();
        const Shape shape{heads, kv_heads, x.size(1) / (heads + 2 * kv_heads),
                          static_cast<float>(context->saved_data["scale"].toDouble())};
        auto dx = rows_like(x, x.size(1));
        with_operand_types(x, [&]<typename T, typename E>(T, E) {
            const BackwardPass<T> pass{x.const_data_ptr<T>(), out.const_data_ptr<T>(), d_out.const_data_ptr<T>(),
                                       lse.const_data_ptr<float>(), dx.mutable_data_ptr<T>()};
            attend_backward<T, E>(pass, all, shape);
        });
        return {dx, {}, {}, {}, {}};
    }
};

/// Whether the kernels serve heads of this size.
bool has_tiles(const at::Tensor &x, int64_t size) { return has_kernel(x) && size % kPanel == 0; }

/// libtorch's own attention; in f32 where it would multiply bf16 by a path of its own that no kernel serves.
at::Tensor libtorch_attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v,
                              const std::optional<at::Tensor> &mask, bool is_causal, std::optional<double> scale, bool grouped) {
    if (!q.is_cpu() || q.scalar_type() != at::kBFloat16 || multiplies_bf16())
        return at::scaled_dot_product_attention(q, k, v, mask, 0.0, is_causal, scale, grouped);
    return at::scaled_dot_product_attention(q.to(at::kFloat), k.to(at::kFloat), v.to(at::kFloat), mask, 0.0, is_causal, scale,
                                            grouped).to(at::kBFloat16);
}

/// Attention of every row to every other: q, k, v [..., H, rows, size].
at::Tensor full_attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v) {
    return libtorch_attention(q, k, v, {}, false, {}, false);
}

/// The same as the kernels, a sequence at a time: keys, values [count, kv_heads, size].
at::Tensor attend_composed(const at::Tensor &q, const at::Tensor &keys, const at::Tensor &values, double scale) {
    const auto queries = q.size(0), count = keys.size(0);
    auto heads_first = [](const at::Tensor &t) { return t.transpose(0, 1).unsqueeze(0); };
    std::optional<at::Tensor> mask;
    if (queries != count && queries > 1)
        mask = at::ones({queries, count}, q.options().dtype(at::kBool)).tril(count - queries);
    auto out = libtorch_attention(heads_first(q), heads_first(keys), heads_first(values), mask, queries == count, scale,
                                  q.size(1) != keys.size(1));
    return out.squeeze(0).transpose(0, 1).reshape({queries, q.size(1) * q.size(2)});
}

/// Size of one head of rows [T, (heads + 2 kv_heads) size] that hold the sequences.
int64_t head_size(const at::Tensor &qkv, const Sequences &all, int64_t heads, int64_t kv_heads) {
    TORCH_CHECK(kv_heads > 0 && heads % kv_heads == 0, heads, " heads cannot share ", kv_heads);
    TORCH_CHECK(qkv.dim() == 2 && qkv.size(1) % (heads + 2 * kv_heads) == 0, "no whole heads in ", qkv.sizes());
    TORCH_CHECK(all.rows() == qkv.size(0), "sequence lengths add up to ", all.rows(), ", not ", qkv.size(0));
    return qkv.size(1) / (heads + 2 * kv_heads);
}

/// qkv [T, (heads + 2 kv_heads) size] of sequences with the given lengths -> [T, heads size]. A sequence with a
/// prefix, an earlier one without, sees all of it.
at::Tensor attention(const at::Tensor &qkv, at::IntArrayRef lengths, at::IntArrayRef prefixes, int64_t heads,
                     int64_t kv_heads, double scale) {
    const Sequences all(lengths, prefixes);
    const auto size = head_size(qkv, all, heads, kv_heads);
    if (has_tiles(qkv, size)) return PackedAttention::apply(qkv.contiguous(), all, heads, kv_heads, scale);
    const auto rows = qkv.view({all.rows(), heads + 2 * kv_heads, size});
    const auto parts = rows.split_with_sizes({heads, kv_heads, kv_heads}, 1);
    const auto q = parts[0].split_with_sizes(lengths), k = parts[1].split_with_sizes(lengths),
               v = parts[2].split_with_sizes(lengths);
    std::vector<at::Tensor> outputs;
    for (int64_t i = 0; i < all.count(); i++) {
        const auto seen = [&](const std::vector<at::Tensor> &own) {
            return prefixes[i] < 0 ? own[i] : at::cat({own[prefixes[i]], own[i]});
        };
        outputs.push_back(attend_composed(q[i], seen(k), seen(v), scale));
    }
    return at::cat(outputs);
}

/// As `attention`, after `past` earlier tokens of each sequence: writes the new keys and values into rows
/// past.. of its slot in the caches [slots, capacity, kv_heads size], then attends to the slot. No gradients.
at::Tensor attention_cached(const at::Tensor &qkv, const at::Tensor &keys, const at::Tensor &values,
                            at::IntArrayRef slots, at::IntArrayRef past, at::IntArrayRef lengths, int64_t heads,
                            int64_t kv_heads, double scale) {
    const Sequences all(lengths);
    const auto size = head_size(qkv, all, heads, kv_heads), kv_width = kv_heads * size;
    const auto &starts = all.starts;
    TORCH_CHECK(slots.size() == lengths.size() && past.size() == lengths.size(), "slots or pasts for other sequences");
    TORCH_CHECK(keys.dim() == 3 && keys.size(2) == kv_width && keys.sizes() == values.sizes() && keys.is_contiguous() &&
                values.is_contiguous(), "caches ", keys.sizes(), " and ", values.sizes());
    for (size_t i = 0; i < lengths.size(); i++) {
        TORCH_CHECK(0 <= past[i] && past[i] + lengths[i] <= keys.size(1), "sequence ", i, " outgrows its cache");
        TORCH_CHECK(0 <= slots[i] && slots[i] < keys.size(0), "no slot ", slots[i], " in the cache");
    }
    auto out = rows_like(qkv, heads * size);
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
    with_operand_types(qkv, [&]<typename T, typename E>(T, E) {
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
            const int64_t count = past[i] + lengths[i];
            const Past<T> cached{{k + base, count, kv_width}, {v + base, count, kv_width}};
            const T *q = from + starts[i] * shape.width();
            T *place = to + starts[i] * heads * size;
            if (lengths[i] == 1) return attend_one<T, E>(q + first * size, cached, shape, place + first * size);
            for (int64_t head = first; head < first + shape.group(); head++)
                attend<T, E>({q + head * size, lengths[i], shape.width()}, cached, shape, place + head * size, heads * size,
                       nullptr);
        });
    });
    return out;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(preceptor, library) {
    library.def("full_attention(Tensor q, Tensor k, Tensor v) -> Tensor", &full_attention);
    library.def(
        "attention(Tensor qkv, int[] lengths, int[] prefixes, int heads, int kv_heads, float scale) -> Tensor", &attention);
    library.def(
        "attention_cached(Tensor qkv, Tensor(a!) keys, Tensor(b!) values, int[] slots, int[] past, int[] lengths, "
        "int heads, int kv_heads, float scale) -> Tensor", &attention_cached);
}
