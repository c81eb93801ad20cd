// Products through this project's loops.
//
// Many rows: tiles of sums, the right operand packed block by block on the way, bf16 widened there where the
// processor does not multiply it. Few rows (decoding): bound by reading the weights, each is read once.
// Both sum in f32 in the order of the inputs, so that what is sampled has, bit by bit, the probability that
// training computes for it. (libtorch's own linear layer blocks its sums by the number of rows.)
#include "products.h"

#include "numbers.h"
#include "parallel.h"
#include "support.h"
#include "tiles.h"

namespace preceptor {

namespace {

/// Inputs that are packed at once, in words: a panel of them stays in the first cache.
constexpr int64_t kDepth = 256;
/// Rows of the left operand that pass over a packed block together: they stay in the second.
constexpr int64_t kPass = 48;
/// The largest block of outputs of one task.
constexpr int64_t kRows = 256, kColumns = 128;

/// left [rows, inputs] times right, stored [outputs, inputs] (`columns`) or [inputs, outputs].
template <typename T>
struct Operands {
    const T *left;
    int64_t left_stride;
    const T *right;
    int64_t right_stride;
    int64_t inputs;
    bool columns;
};

template <typename T>
struct Product {
    std::vector<Operands<T>> operands;
    const T *bias = nullptr;
    int64_t rows, outputs;
};

template <typename T, typename E>
void pack(const Operands<T> &operands, int64_t input, int64_t inputs, int64_t output, int64_t outputs, E *to) {
    if (operands.columns)
        tiles<T, E>().pack_columns(operands.right + output * operands.right_stride + input, operands.right_stride, outputs,
                                   inputs, to);
    else
        tiles<T, E>().pack_rows(operands.right + input * operands.right_stride + output, operands.right_stride, inputs,
                                outputs, to);
}

/// One block of outputs: rows row..<row + rows, columns output..<output + outputs.
template <typename T, typename E, typename Out>
void block(const Product<T> &product, int64_t row, int64_t rows, int64_t output, int64_t outputs, Out *out) {
    constexpr int64_t kPerWord = sizeof(uint32_t) / sizeof(E), kInputs = kDepth * kPerWord;
    const int64_t width = panels(outputs) * kPanel;
    SCRATCH(E, right, kInputs * kColumns);
    SCRATCH(E, left, kPass * kInputs);
    SCRATCH(float, sums, kRows * kColumns);
    for (int64_t i = 0; i < rows * width; i++)
        sums[i] = product.bias && i % width < outputs ? to_float(product.bias[output + i % width]) : 0.0f;
    for (const auto &operands : product.operands) {
        for (int64_t input = 0; input < operands.inputs; input += kInputs) {
            const int64_t inputs = std::min(kInputs, operands.inputs - input);
            // A pair of bf16 whose second is missing has a zero in its place.
            const int64_t whole = (inputs + kPerWord - 1) / kPerWord * kPerWord;
            pack(operands, input, inputs, output, outputs, right);
            for (int64_t first = 0; first < rows; first += kPass) {
                const int64_t count = std::min(kPass, rows - first);
                const T *from = operands.left + (row + first) * operands.left_stride + input;
                const E *rows_of_left = left;
                int64_t stride = whole;
                if constexpr (std::is_same_v<T, E>)
                    if (whole == inputs) (rows_of_left = from, stride = operands.left_stride);
                if (rows_of_left == left) {
                    for (int64_t i = 0; i < count; i++) {
                        tiles<T, E>().copy_row(from + i * operands.left_stride, left + i * whole, inputs);
                        if (whole > inputs) left[i * whole + inputs] = 0;
                    }
                }
                tiles<E, E>().product(count, panels(outputs), whole, rows_of_left, stride, right, sums + first * width,
                                      width, true);
            }
        }
    }
    for (int64_t i = 0; i < rows; i++) {
        Out *to = out + (row + i) * product.outputs + output;
        if constexpr (std::is_same_v<Out, float>) std::memcpy(to, sums + i * width, outputs * sizeof(float));
        else loops<Out>().scale_row(sums + i * width, to, 1.0f, outputs);
    }
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
void tiled(const Product<T> &product, Out *out) {
    const auto [height, width] = block_size(product.rows, product.outputs);
    const int64_t columns = (product.outputs + width - 1) / width, bands = (product.rows + height - 1) / height;
    parallel_for(columns * bands, [&](int64_t task) {
        const int64_t row = task / columns * height, output = task % columns * width;
        block<T, E>(product, row, std::min(height, product.rows - row), output, std::min(width, product.outputs - output), out);
    });
}

template <typename T>
bool is_thin(const Product<T> &product) {
    if (product.rows > loops<T>().thin_rows || product.operands.size() > 2) return false;
    return std::all_of(product.operands.begin(), product.operands.end(), [](const auto &operands) {
        return operands.columns;
    });
}

template <typename T>
void thin(const Product<T> &product, T *out) {
    // Even pieces of a size that the loops take whole.
    const int64_t bytes = product.outputs * product.operands[0].inputs * sizeof(T);
    const int64_t pieces = std::max<int64_t>(1, std::min<int64_t>(bytes / (128 << 10), 8 * parallel_threads()));
    const int64_t size = ((product.outputs + pieces - 1) / pieces + kPanel - 1) / kPanel * kPanel;
    parallel_for((product.outputs + size - 1) / size, [&](int64_t piece) {
        const int64_t first = piece * size;
        Term<T> terms[2];
        int64_t count = 0;
        for (const auto &each : product.operands)
            terms[count++] = {each.left, each.left_stride, each.right + first * each.right_stride, each.right_stride, each.inputs};
        loops<T>().thin_product(terms, count, product.bias ? product.bias + first : nullptr, out + first, product.outputs,
                                product.rows, std::min(size, product.outputs - first));
    });
}

template <typename T, typename E>
void run(const Product<T> &product, at::Tensor &out) {
    if (out.scalar_type() != c10::CppTypeToScalarType<T>::value) return tiled<T, E>(product, out.mutable_data_ptr<float>());
    T *to = out.mutable_data_ptr<T>();
    if (is_thin(product)) thin(product, to);
    else tiled<T, E>(product, to);
}

/// The same through libtorch's operators.
at::Tensor composed(at::ArrayRef<Factors> factors, const std::optional<at::Tensor> &bias, at::ScalarType dtype) {
    auto sum = at::mm(factors[0].left, factors[0].right);
    for (const auto &each : factors.slice(1)) sum.addmm_(each.left, each.right);
    if (bias) sum.add_(*bias);
    return sum.to(dtype);
}

bool takes(const Factors &factors, at::ScalarType dtype) {
    return has_kernel(factors.left) && factors.left.scalar_type() == factors.right.scalar_type() &&
        (dtype == factors.left.scalar_type() || dtype == at::kFloat);
}

}  // namespace

at::Tensor product(at::ArrayRef<Factors> factors, const std::optional<at::Tensor> &bias, at::ScalarType dtype) {
    const auto rows = factors[0].left.size(0), outputs = factors[0].right.size(1);
    for (const auto &each : factors)
        TORCH_CHECK(each.left.dim() == 2 && each.right.dim() == 2 && each.left.size(1) == each.right.size(0) &&
                        each.left.size(0) == rows && each.right.size(1) == outputs,
                    "no product of ", each.left.sizes(), " and ", each.right.sizes());
    if (!std::all_of(factors.begin(), factors.end(), [&](const auto &each) { return takes(each, dtype); }))
        return composed(factors, bias, dtype);
    auto out = at::empty({rows, outputs}, factors[0].left.options().dtype(dtype).requires_grad(false));
    const auto b = bias ? bias->to(factors[0].left.scalar_type()).contiguous() : at::Tensor();
    TORCH_CHECK(!b.defined() || b.numel() == outputs, "a bias ", b.sizes(), " for ", outputs, " outputs");
    std::vector<at::Tensor> kept;
    with_operand_types(factors[0].left, [&]<typename T, typename E>(T, E) {
        Product<T> all;
        all.rows = rows;
        all.outputs = outputs;
        if (b.defined()) all.bias = b.const_data_ptr<T>();
        for (const auto &each : factors) {
            // Rows of an odd number of bf16 are no rows of words.
            const bool columns = each.right.t().is_contiguous() && (sizeof(T) == sizeof(float) || each.left.size(1) % 2 == 0);
            kept.push_back(each.left.contiguous());
            kept.push_back(columns ? each.right.t() : each.right.contiguous());
            const auto &left = kept[kept.size() - 2], &right = kept.back();
            all.operands.push_back({left.const_data_ptr<T>(), left.size(1), right.const_data_ptr<T>(), right.size(1),
                                    left.size(1), columns});
        }
        run<T, E>(all, out);
    });
    return out;
}

at::Tensor frozen_product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                          const std::optional<LowRank> &adapter) {
    if (!adapter) return product({Factors{x, weight.t()}}, bias, x.scalar_type());
    return product({Factors{x, weight.t()}, Factors{adapter->inner, adapter->b.t()}}, bias, x.scalar_type());
}

}  // namespace preceptor
