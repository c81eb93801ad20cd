// Products with frozen weights.
//
// Many rows: tiles of 64 by 64 outputs through oneDNN's kernels, the weights packed tile by tile on the way.
// Few rows (decoding): bound by reading the weights, each is read once.
// Both sum in f32 in the order of the inputs, so that what is sampled has, bit by bit, the probability that
// training computes for it. (libtorch's own linear layer blocks its sums by the number of rows.)
#include "products.h"

#include "numbers.h"
#include "parallel.h"
#include "support.h"
#include "tiles.h"

namespace preceptor {

namespace {

/// Up to this many rows a product is bound by reading the weights.
constexpr int64_t kThin = 16;

/// Rows that one task takes at least: packing its weights costs as much as a few rows.
constexpr int64_t kRowsOfTask = 512;

template <typename T>
bool multiplies() {
    // K, the number of summands, is two: a pair.
    std::vector<T> a(kTile * 2), b(2 * kTile), packed(2 * kTile);
    std::vector<float> c(kTile * kTile);
    for (int64_t i = 0; i < 2 * kTile; i++) {
        a[i] = static_cast<float>(i % 5);
        b[i] = static_cast<float>(i % 7);
    }
    pack_columns(b.data(), 2, kTile, 2, packed.data());
    try {
        multiply(kTile, kTile, 2, a.data(), 2, packed.data(), c.data(), kTile, false);
    } catch (const std::exception &) {
        return false;
    }
    for (int64_t i = 0; i < kTile * kTile; i++) {
        const int64_t row = i / kTile, column = i % kTile;
        const float expected =
            to_float(a[2 * row]) * to_float(b[2 * column]) + to_float(a[2 * row + 1]) * to_float(b[2 * column + 1]);
        if (c[i] != expected) return false;
    }
    return true;
}

/// The terms of a product: x W^T, and the adapter's.
template <typename T>
struct Terms {
    Term<T> terms[2];
    int64_t count = 1;
    const T *bias = nullptr;

    Terms(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias_or_none, const std::optional<LowRank> &adapter) {
        terms[0] = term(x, weight);
        if (adapter) terms[count++] = term(adapter->inner, adapter->b);
        if (bias_or_none.defined()) bias = bias_or_none.const_data_ptr<T>();
    }

    static Term<T> term(const at::Tensor &x, const at::Tensor &weight) {
        return {x.const_data_ptr<T>(), x.size(1), weight.const_data_ptr<T>(), x.size(1), x.size(1)};
    }
};

template <typename T>
void thin(const Terms<T> &product, T *out, int64_t rows, int64_t outputs) {
    // Even pieces of a size that the loops take whole.
    const int64_t bytes = outputs * product.terms[0].inputs * sizeof(T);
    const int64_t pieces = std::max<int64_t>(1, std::min<int64_t>(bytes / (128 << 10), 8 * at::get_num_threads()));
    const int64_t size = (outputs / pieces + 15) / 16 * 16;
    parallel_for((outputs + size - 1) / size, [&](int64_t piece) {
        const int64_t first = piece * size;
        Term<T> terms[2];
        for (int64_t i = 0; i < product.count; i++) {
            terms[i] = product.terms[i];
            terms[i].weights += first * terms[i].weight_stride;
        }
        loops<T>().thin_product(terms, product.count, product.bias ? product.bias + first : nullptr, out + first, outputs,
                                rows, std::min(size, outputs - first));
    });
}

/// Rows first..<last of up to kTile outputs.
template <typename T>
void tile_column(const Terms<T> &product, T *out, int64_t first, int64_t last, int64_t output, int64_t outputs) {
    const int64_t width = std::min(kTile, outputs - output);
    SCRATCH(T, packed, kTile * product.terms[0].inputs);
    SCRATCH(T, packed_adapter, kTile * (product.count > 1 ? product.terms[1].inputs : 0));
    SCRATCH(float, sums, kTile * kTile);
    T *right[2] = {packed, packed_adapter};
    for (int64_t i = 0; i < product.count; i++) {
        const auto &term = product.terms[i];
        pack_columns(term.weights + output * term.weight_stride, term.weight_stride, width, term.inputs, right[i]);
    }
    for (int64_t row = first; row < last; row += kTile) {
        const int64_t rows = std::min(kTile, last - row);
        if (product.bias)
            for (int64_t i = 0; i < rows * width; i++) sums[i] = to_float(product.bias[output + i % width]);
        for (int64_t i = 0; i < product.count; i++) {
            const auto &term = product.terms[i];
            multiply(rows, width, term.inputs, term.x + row * term.x_stride, term.x_stride, right[i], sums, width,
                     i > 0 || product.bias);
        }
        for (int64_t i = 0; i < rows; i++) loops<T>().scale_row(sums + i * width, out + (row + i) * outputs + output, 1.0f, width);
    }
    end_products<T>();
}

template <typename T>
void tiled(const Terms<T> &product, T *out, int64_t rows, int64_t outputs) {
    const int64_t columns = (outputs + kTile - 1) / kTile;
    const int64_t pieces = std::max<int64_t>(1, rows / kRowsOfTask);
    const int64_t size = ((rows + pieces - 1) / pieces + kTile - 1) / kTile * kTile;
    parallel_for(columns * pieces, [&](int64_t task) {
        const int64_t first = task / columns * size;
        if (first < rows) tile_column(product, out, first, std::min(rows, first + size), task % columns * kTile, outputs);
    });
}

}  // namespace

template <>
bool has_products<float>() {
    static const bool works = multiplies<float>();
    return works;
}

template <>
bool has_products<c10::BFloat16>() {
    static const bool works = multiplies<c10::BFloat16>();
    return works;
}

/// Whether the kernels serve this product.
static bool takes(const at::Tensor &x, const at::Tensor &weight) {
    if (!has_kernel(x) || x.dim() != 2 || weight.scalar_type() != x.scalar_type() || x.size(1) % 2 != 0) return false;
    return x.scalar_type() == at::kFloat ? has_products<float>() : has_products<c10::BFloat16>();
}

at::Tensor frozen_product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                          const std::optional<LowRank> &adapter) {
    if (!takes(x, weight)) {
        const auto b = bias ? std::optional<at::Tensor>(bias->to(x.scalar_type())) : std::nullopt;
        auto y = at::linear(x, weight, b);
        return adapter ? y.addmm_(adapter->inner, adapter->b.t()) : y;
    }
    TORCH_CHECK(x.size(1) == weight.size(1), "inputs ", x.sizes(), " for a weight ", weight.sizes());
    TORCH_CHECK(!adapter || (adapter->inner.size(0) == x.size(0) && adapter->inner.size(1) == adapter->b.size(1) &&
                             adapter->b.size(0) == weight.size(0) && adapter->b.size(1) % 2 == 0), "an adapter of other sizes");
    const auto rows = x.size(0), outputs = weight.size(0);
    const auto input = x.contiguous(), w = weight.contiguous();
    const auto b = bias ? bias->to(x.scalar_type()).contiguous() : at::Tensor();
    std::optional<LowRank> low_rank;
    if (adapter) low_rank = LowRank{adapter->inner.contiguous(), adapter->b.contiguous()};
    auto out = at::empty({rows, outputs}, x.options().requires_grad(false));
    with_kernel_type(x, [&]<typename T>(T) {
        const Terms<T> product(input, w, b, low_rank);
        if (rows <= kThin) thin(product, out.mutable_data_ptr<T>(), rows, outputs);
        else tiled(product, out.mutable_data_ptr<T>(), rows, outputs);
    });
    return out;
}

}  // namespace preceptor
