// Products through this project's loops.
//
// Many rows: tiles of sums, the right operand packed block by block on the way, bf16 widened there where the
// processor does not multiply it. Few rows (decoding): bound by reading the weights, each is read once. A weight
// that lies in panels already is read as it lies.
// Both sum in f32 in the one order of the path, so that what is sampled has, bit by bit, the probability that
// training computes for it. (libtorch's own linear layer blocks its sums by the number of rows.)
#include "products.h"

#include "numbers.h"
#include "panels.h"
#include "parallel.h"
#include "support.h"
#include "tiles.h"

namespace preceptor {

namespace {

/// Inputs that are packed at once, in words: a panel of them stays in the first cache. A multiple of every path's step.
constexpr int64_t kDepth = 256;
/// Rows of the left operand that pass over a packed block together: they stay in the second.
constexpr int64_t kPass = 48;
/// The largest block of outputs of one task.
constexpr int64_t kRows = 256, kColumns = 128;

/// How a right operand lies in memory.
enum class Layout {
    /// [inputs, outputs]
    rows,
    /// [outputs, inputs]
    columns,
    /// Panels of outputs, see panels.h.
    panels,
    /// Panels of inputs: those of a weight whose outputs are summed over.
    turned_panels,
};

/// left [rows, inputs], as it is multiplied, times right.
template <typename T, typename E>
struct Operands {
    const E *left;
    int64_t left_stride;
    const T *right;
    /// Of rows, of columns, or between panels.
    int64_t right_stride;
    int64_t inputs;
    Layout layout;
};

template <typename T, typename E>
struct Product {
    std::vector<Operands<T, E>> operands;
    const T *bias = nullptr;
    int64_t rows, outputs;

    /// Sums [rows, width] that begin with the bias, zero past the last output.
    void begin(float *sums, int64_t rows, int64_t width, int64_t output, int64_t outputs) const {
        for (int64_t i = 0; i < width; i++) sums[i] = bias && i < outputs ? to_float(bias[output + i]) : 0.0f;
        for (int64_t row = 1; row < rows; row++) std::memcpy(sums + row * width, sums, width * sizeof(float));
    }
};

/// Finished sums, rounded into rows of the result.
template <typename Out>
void finish(const float *sums, int64_t width, Out *out, int64_t stride, int64_t rows, int64_t outputs) {
    for (int64_t i = 0; i < rows; i++) {
        if constexpr (std::is_same_v<Out, float>) std::memcpy(out + i * stride, sums + i * width, outputs * sizeof(float));
        else loops<Out>().scale_row(sums + i * width, out + i * stride, 1.0f, outputs);
    }
}

/// A block of the right operand as it is multiplied; returns it and the distance of its panels.
template <typename T, typename E>
std::pair<const E *, int64_t> pack(const Operands<T, E> &operands, int64_t input, int64_t inputs, int64_t output,
                                   int64_t outputs, E *to) {
    const auto &tile = tiles<T, E>();
    const int64_t stride = operands.right_stride;
    switch (operands.layout) {
    case Layout::rows: tile.pack_rows(operands.right + input * stride + output, stride, inputs, outputs, to); break;
    case Layout::columns: tile.pack_columns(operands.right + output * stride + input, stride, outputs, inputs, to); break;
    case Layout::panels: {
        const T *from = operands.right + output / kPanel * stride + input * kPanel;
        if constexpr (std::is_same_v<T, E>) return {from, stride};
        tile.widen_panels(from, stride, panels(outputs), inputs, to);
        break;
    }
    case Layout::turned_panels:
        tile.turn_panels(operands.right + input / kPanel * stride + output * kPanel, stride, inputs / kPanel, outputs, to);
        break;
    }
    return {to, kPanel * (inputs + inputs % (sizeof(uint32_t) / sizeof(E)))};
}

/// One block of outputs: rows row..<row + rows, columns output..<output + outputs.
template <typename T, typename E, typename Out>
void block(const Product<T, E> &product, int64_t row, int64_t rows, int64_t output, int64_t outputs, Out *out) {
    constexpr int64_t kPerWord = sizeof(uint32_t) / sizeof(E), kInputs = kDepth * kPerWord;
    const int64_t width = panels(outputs) * kPanel;
    SCRATCH(E, packed, kInputs * kColumns);
    SCRATCH(E, padded, kRows * kInputs);
    SCRATCH(float, sums, kRows * kColumns);
    product.begin(sums, rows, width, output, outputs);
    for (const auto &operands : product.operands) {
        for (int64_t input = 0; input < operands.inputs; input += kInputs) {
            const int64_t inputs = std::min(kInputs, operands.inputs - input);
            // A pair of bf16 whose second is missing has a zero in its place.
            const int64_t whole = (inputs + kPerWord - 1) / kPerWord * kPerWord;
            const auto [right, panel] = pack(operands, input, inputs, output, outputs, packed);
            const E *left = operands.left + row * operands.left_stride + input;
            int64_t stride = operands.left_stride;
            if (whole > inputs) {
                for (int64_t i = 0; i < rows; i++) {
                    std::memcpy(padded + i * whole, left + i * stride, inputs * sizeof(E));
                    padded[i * whole + inputs] = 0;
                }
                (left = padded, stride = whole);
            }
            for (int64_t first = 0; first < rows; first += kPass)
                tiles<E, E>().product(std::min(kPass, rows - first), panels(outputs), whole, left + first * stride, stride,
                                      right, panel, sums + first * width, width, true);
        }
    }
    finish(sums, width, out + row * product.outputs + output, product.outputs, rows, outputs);
}

/// A block's size, smaller where there would be too few for the threads.
std::pair<int64_t, int64_t> block_size(int64_t rows, int64_t outputs) {
    const int64_t wanted = 4 * parallel_threads();
    const auto count = [&](int64_t height, int64_t width) { return (rows + height - 1) / height * ((outputs + width - 1) / width); };
    int64_t height = kRows, width = kColumns;
    if (count(height, width) < wanted) width /= 2;
    while (height > kPass && count(height, width) < wanted) height /= 2;
    return {height, width};
}

template <typename T, typename E, typename Out>
void tiled(const Product<T, E> &product, Out *out) {
    const auto [height, width] = block_size(product.rows, product.outputs);
    const int64_t columns = (product.outputs + width - 1) / width, bands = (product.rows + height - 1) / height;
    parallel_for(columns * bands, [&](int64_t task) {
        const int64_t row = task / columns * height, output = task % columns * width;
        block(product, row, std::min(height, product.rows - row), output, std::min(width, product.outputs - output), out);
    });
}

/// Rows up to which widening panels on the way is faster than before.
constexpr int64_t kThinPanelRows = 16;

template <typename T, typename E>
bool is_thin(const Product<T, E> &product) {
    const auto &first = product.operands[0];
    const int64_t most = first.layout == Layout::panels ? kThinPanelRows : tiles<T, E>().thin_rows;
    return product.rows <= most && std::all_of(product.operands.begin(), product.operands.end(), [](const auto &operands) {
        return operands.layout == Layout::panels || operands.layout == Layout::columns;
    });
}

template <typename T, typename E, typename Out>
void thin(const Product<T, E> &product, Out *out) {
    // Even pieces of a size that the loops take whole, two panels.
    const int64_t bytes = product.outputs * product.operands[0].inputs * sizeof(T), rows = product.rows;
    const int64_t pieces = std::max<int64_t>(1, std::min<int64_t>(bytes / (64 << 10), 8 * parallel_threads()));
    const int64_t unit = 2 * kPanel, size = ((product.outputs + pieces - 1) / pieces + unit - 1) / unit * unit;
    parallel_for((product.outputs + size - 1) / size, [&](int64_t piece) {
        const int64_t first = piece * size, outputs = std::min(size, product.outputs - first);
        const auto &tile = tiles<T, E>();
        SCRATCH(float, sums, rows * size);
        product.begin(sums, rows, size, first, outputs);
        for (const auto &each : product.operands) {
            if (each.layout == Layout::panels)
                tile.product(rows, panels(outputs), each.inputs, each.left, each.left_stride,
                             each.right + first / kPanel * each.right_stride, each.right_stride, sums, size, true);
            else
                tile.thin_product(each.left, each.left_stride, each.right + first * each.right_stride, each.right_stride,
                                  each.inputs, sums, size, rows, outputs, true);
        }
        finish(sums, size, out + first, product.outputs, rows, outputs);
    });
}

template <typename T, typename E>
void run(const Product<T, E> &product, at::Tensor &out) {
    const auto into = [&]<typename Out>(Out *to) {
        if (is_thin(product)) thin(product, to);
        else tiled(product, to);
    };
    if (out.scalar_type() == at::kFloat) into(out.mutable_data_ptr<float>());
    else into(out.mutable_data_ptr<T>());
}

/// The left operand as it is multiplied.
template <typename T, typename E>
at::Tensor multiplied(const at::Tensor &left) {
    const auto rows = left.contiguous();
    if constexpr (std::is_same_v<T, E>) return rows;
    auto out = at::empty(rows.sizes(), rows.options().dtype(at::kFloat));
    const int64_t width = rows.size(1);
    parallel_rows(rows.size(0), 1 + (1 << 16) / std::max<int64_t>(width, 1), [&](int64_t first, int64_t last) {
        tiles<T, E>().copy_row(rows.const_data_ptr<T>() + first * width, out.mutable_data_ptr<E>() + first * width,
                               (last - first) * width);
    });
    return out;
}

/// The same through libtorch's operators.
at::Tensor composed(at::ArrayRef<Factors> factors, const std::optional<at::Tensor> &bias, at::ScalarType dtype) {
    const auto right = [](const Factors &each) { return each.transposed ? each.right.t() : each.right; };
    auto sum = at::mm(factors[0].left, right(factors[0]));
    for (const auto &each : factors.slice(1)) sum.addmm_(each.left, right(each));
    if (bias) sum.add_(*bias);
    return sum.to(dtype);
}

bool takes(const Factors &factors, at::ScalarType dtype) {
    return has_kernel(factors.left) && factors.left.scalar_type() == factors.right.scalar_type() &&
        (dtype == factors.left.scalar_type() || dtype == at::kFloat);
}

/// [inputs, outputs] of a right operand.
std::pair<int64_t, int64_t> extents(const Factors &factors) {
    const auto stored = matrix_size(factors.right);
    return factors.transposed ? std::pair{stored.second, stored.first} : stored;
}

/// How the operand lies, in memory that `right` is made to be.
Layout layout(const Factors &factors, at::Tensor &right) {
    right = factors.right;
    if (in_panels(right)) return factors.transposed ? Layout::panels : Layout::turned_panels;
    if (factors.transposed) right = right.t();
    // Rows of an odd number of bf16 are no rows of words.
    if (right.t().is_contiguous() && (right.scalar_type() == at::kFloat || right.size(0) % 2 == 0)) {
        right = right.t();
        return Layout::columns;
    }
    right = right.contiguous();
    return Layout::rows;
}

}  // namespace

at::Tensor product(at::ArrayRef<Factors> factors, const std::optional<at::Tensor> &bias, at::ScalarType dtype) {
    const auto rows = factors[0].left.size(0), outputs = extents(factors[0]).second;
    for (const auto &each : factors)
        TORCH_CHECK(each.left.dim() == 2 && each.left.size(0) == rows && extents(each) == std::pair(each.left.size(1), outputs),
                    "no product of ", each.left.sizes(), " and ", each.right.sizes());
    if (!std::all_of(factors.begin(), factors.end(), [&](const auto &each) { return takes(each, dtype); }))
        return composed(factors, bias, dtype);
    auto out = at::empty({rows, outputs}, factors[0].left.options().dtype(dtype).requires_grad(false));
    if (out.numel() == 0) return out;
    const auto b = bias ? bias->to(factors[0].left.scalar_type()).contiguous() : at::Tensor();
    TORCH_CHECK(!b.defined() || b.numel() == outputs, "a bias ", b.sizes(), " for ", outputs, " outputs");
    std::vector<at::Tensor> kept;
    with_operand_types(factors[0].left, [&]<typename T, typename E>(T, E) {
        Product<T, E> all;
        all.rows = rows;
        all.outputs = outputs;
        if (b.defined()) all.bias = b.const_data_ptr<T>();
        for (const auto &each : factors) {
            at::Tensor right;
            const auto lies = layout(each, right);
            kept.push_back(multiplied<T, E>(each.left));
            kept.push_back(right);
            all.operands.push_back({kept[kept.size() - 2].template const_data_ptr<E>(), each.left.size(1),
                                    right.const_data_ptr<T>(), right.stride(0), each.left.size(1), lies});
        }
        run(all, out);
    });
    return out;
}

at::Tensor frozen_product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                          const std::optional<LowRank> &adapter) {
    if (!adapter) return product({Factors{x, weight, true}}, bias, x.scalar_type());
    return product({Factors{x, weight, true}, Factors{adapter->inner, adapter->b, true}}, bias, x.scalar_type());
}

}  // namespace preceptor
