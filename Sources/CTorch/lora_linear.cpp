// preceptor::lora_linear: a frozen linear layer and its low-rank adapters in one operator.
//
//   y = x W^T + bias,   y[:, part i] += scale_i (x * mask) A_i^T B_i^T        (LoRA, arXiv:2106.09685)
//
// preceptor::linear: the same without adapters. preceptor::lora_pack prepares adapters once for many passes
// without gradients, preceptor::lora_linear_packed takes them.
//
// Several named layers that share an input (q, k, v; gate, up) are parts of one product. Kept for the
// backward pass: x and the inner activations, nothing of the size of y. The base weight gets no gradient.
#include "loops.h"
#include "numbers.h"
#include "parallel.h"
#include "support.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

using namespace preceptor;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/// Up to this many rows a product is bound by reading the weights; oneDNN would first rearrange them.
constexpr int64_t kThin = 16;

/// x [rows, in] W^T for few rows, each weight read once; no gradients.
at::Tensor thin_linear(const at::Tensor &x, const at::Tensor &weight) {
    const auto rows = x.size(0), inputs = x.size(1), outputs = weight.size(0);
    auto out = at::empty({rows, outputs}, x.options());
    const auto input = x.to(at::kFloat).contiguous();
    with_kernel_type(x, [&]<typename T>(T) {
        // Even pieces of even size: outputs are computed in pairs.
        const int64_t pieces = std::max<int64_t>(1, std::min<int64_t>(outputs * inputs / (64 << 10), 8 * at::get_num_threads()));
        const int64_t size = (outputs / pieces + 2) & ~int64_t{1};
        parallel_for((outputs + size - 1) / size, [&](int64_t piece) {
            const int64_t first = piece * size, count = std::min(size, outputs - first);
            loops<T>().thin_product(input.const_data_ptr<float>(), weight.const_data_ptr<T>() + first * inputs,
                                    out.mutable_data_ptr<T>() + first, rows, inputs, count, outputs);
        });
    });
    return out;
}

/// x W^T + bias, by whatever is fastest for its number of rows.
at::Tensor product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
    const bool thin = x.dim() == 2 && x.size(0) <= kThin && has_kernel(x) && weight.is_contiguous() &&
                      weight.scalar_type() == x.scalar_type() &&
                      !(at::GradMode::is_enabled() && (x.requires_grad() || weight.requires_grad()));
    if (!thin) return at::linear(x, weight, bias);
    auto out = thin_linear(x, weight);
    if (bias) out.add_(*bias);
    return out;
}

/// All A_i below each other, [R, in].
at::Tensor stacked(at::TensorList a, at::ScalarType dtype) {
    return (a.size() == 1 ? a[0] : at::cat(a)).to(dtype);
}

/// The scaled B_i on the diagonal of [out, R], so that one product serves all parts.
at::Tensor block_diagonal(at::TensorList b, at::IntArrayRef starts, at::ArrayRef<double> scales,
                          at::IntArrayRef ranks, int64_t out, at::ScalarType dtype) {
    if (b.size() == 1 && b[0].size(0) == out) return (b[0] * scales[0]).to(dtype);
    int64_t total = 0;
    for (auto rank : ranks) total += rank;
    auto result = at::zeros({out, total}, b[0].options().dtype(dtype));
    int64_t column = 0;
    for (size_t i = 0; i < b.size(); i++) {
        result.narrow(0, starts[i], b[i].size(0)).narrow(1, column, ranks[i]).copy_(b[i] * scales[i]);
        column += ranks[i];
    }
    return result;
}

/// A_1..A_n and B_1..B_n arrive as one list, so that autograd sees every one of them.
struct LoraLinear : torch::autograd::Function<LoraLinear> {
    static Variable forward(AutogradContext *context, const Variable &x, const Variable &weight,
                            const std::optional<at::Tensor> &bias, const std::optional<at::Tensor> &mask,
                            std::vector<int64_t> starts, std::vector<double> scales, at::TensorList adapters) {
        const size_t parts = starts.size();
        std::vector<int64_t> ranks, lengths;
        for (size_t i = 0; i < parts; i++) ranks.push_back(adapters[i].size(0));
        for (size_t i = 0; i < parts; i++) lengths.push_back(adapters[parts + i].size(0));
        const auto a = stacked(adapters.slice(0, parts), x.scalar_type());
        const auto b = block_diagonal(adapters.slice(parts, parts), starts, scales, ranks, weight.size(0), x.scalar_type());
        const auto inner = at::mm(mask ? x * *mask : x, a.t());
        auto y = product(x, weight, bias);
        y.addmm_(inner, b.t());
        context->save_for_backward({x, weight, a, b, inner, mask.value_or(at::Tensor())});
        context->saved_data["starts"] = starts;
        context->saved_data["lengths"] = lengths;
        context->saved_data["ranks"] = ranks;
        context->saved_data["scales"] = scales;
        return y;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1], &a = saved[2], &b = saved[3], &inner = saved[4], &mask = saved[5];
        const auto starts = context->saved_data["starts"].toIntVector();
        const auto lengths = context->saved_data["lengths"].toIntVector();
        const auto ranks = context->saved_data["ranks"].toIntVector();
        const auto scales = context->saved_data["scales"].toDoubleVector();
        const auto dy = gradients[0].contiguous();
        const auto d_inner = at::mm(dy, b);

        at::Tensor dx;
        if (context->needs_input_grad(0)) {
            dx = at::mm(dy, weight);
            if (mask.defined()) dx.add_(at::mm(d_inner, a) * mask);
            else dx.addmm_(d_inner, a);
        }
        const auto da = at::mm(d_inner.t(), mask.defined() ? x * mask : x).to(at::kFloat);
        const auto db = at::mm(dy.t(), inner).to(at::kFloat);

        variable_list result = {dx, {}, {}, {}, {}, {}};
        int64_t row = 0;
        for (auto rank : ranks) {
            result.push_back(da.narrow(0, row, rank));
            row += rank;
        }
        int64_t column = 0;
        for (size_t i = 0; i < ranks.size(); i++) {
            result.push_back(db.narrow(0, starts[i], lengths[i]).narrow(1, column, ranks[i]) * scales[i]);
            column += ranks[i];
        }
        return result;
    }
};

at::Tensor lora_linear(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                       const std::optional<at::Tensor> &mask, at::IntArrayRef starts, at::ArrayRef<double> scales,
                       at::TensorList a, at::TensorList b) {
    TORCH_CHECK(!a.empty() && a.size() == b.size() && a.size() == starts.size() && a.size() == scales.size(),
                a.size(), " A, ", b.size(), " B, ", starts.size(), " starts, ", scales.size(), " scales");
    variable_list adapters(a.begin(), a.end());
    adapters.insert(adapters.end(), b.begin(), b.end());
    return LoraLinear::apply(x, weight, bias, mask, starts.vec(), scales.vec(), at::TensorList(adapters));
}

std::tuple<at::Tensor, at::Tensor> lora_pack(at::IntArrayRef starts, at::ArrayRef<double> scales, at::TensorList a,
                                             at::TensorList b, const at::Tensor &weight) {
    std::vector<int64_t> ranks;
    for (const auto &each : a) ranks.push_back(each.size(0));
    return {stacked(a, weight.scalar_type()).contiguous(),
            block_diagonal(b, starts, scales, ranks, weight.size(0), weight.scalar_type())};
}

at::Tensor lora_linear_packed(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                              const at::Tensor &a, const at::Tensor &b) {
    auto y = product(x, weight, bias);
    return y.addmm_(at::mm(x, a.t()), b.t());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(preceptor, library) {
    library.def("linear(Tensor x, Tensor weight, Tensor? bias) -> Tensor", &product);
    library.def(
        "lora_pack(int[] starts, float[] scales, Tensor[] a, Tensor[] b, Tensor weight) -> (Tensor, Tensor)", &lora_pack);
    library.def("lora_linear_packed(Tensor x, Tensor weight, Tensor? bias, Tensor a, Tensor b) -> Tensor",
                &lora_linear_packed);
    library.def(
        "lora_linear(Tensor x, Tensor weight, Tensor? bias, Tensor? mask, int[] starts, float[] scales, "
        "Tensor[] a, Tensor[] b) -> Tensor", &lora_linear);
}
