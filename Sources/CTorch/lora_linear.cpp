// preceptor::lora_linear: a frozen linear layer and its low-rank adapters in one operator.
//
//   y = x W^T + bias,   y[:, part i] += scale_i (x * mask) A_i^T B_i^T        (LoRA, arXiv:2106.09685)
//
// preceptor::linear: the same without adapters, for a frozen weight; preceptor::trained_linear: for an f32
// weight and bias that get gradients. preceptor::lora_pack prepares adapters once for many passes
// without gradients, preceptor::lora_linear_packed takes them.
//
// Several named layers that share an input (q, k, v; gate, up) are parts of one product. Kept for the
// backward pass: x and the inner activations, nothing of the size of y. The base weight gets no gradient.
#include "panels.h"
#include "products.h"
#include "support.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

using namespace preceptor;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/// x W^T + bias whose gradient flows to x alone.
struct FrozenLinear : torch::autograd::Function<FrozenLinear> {
    static Variable forward(AutogradContext *context, const Variable &x, const Variable &weight,
                            const std::optional<at::Tensor> &bias) {
        context->save_for_backward({weight});
        return frozen_product(x, weight, bias);
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        return {product(gradients[0], context->get_saved_variables()[0]), {}, {}};
    }
};

at::Tensor linear(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
    return FrozenLinear::apply(x, weight, bias);
}

/// x W^T + bias in x's dtype, of a weight and a bias in f32; the gradient flows to all three.
struct TrainedLinear : torch::autograd::Function<TrainedLinear> {
    static Variable forward(AutogradContext *context, const Variable &x, const Variable &weight,
                            const std::optional<at::Tensor> &bias) {
        const auto w = weight.to(x.scalar_type());
        context->save_for_backward({x, w});
        context->saved_data["has_bias"] = bias.has_value();
        return frozen_product(x, w, bias);
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto dy = gradients[0].contiguous();
        at::Tensor dx, dw, db;
        if (context->needs_input_grad(0)) dx = product(dy, saved[1]);
        if (context->needs_input_grad(1)) dw = product({Factors{dy.t(), saved[0]}}, {}, at::kFloat);
        // Without a bias there is no third input to ask about.
        if (context->saved_data["has_bias"].toBool() && context->needs_input_grad(2)) db = dy.sum(0, false, at::kFloat);
        return {dx, dw, db};
    }
};

at::Tensor trained_linear(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
    return TrainedLinear::apply(x, weight, bias);
}

/// The sum of the ranks, made even: products take inputs in pairs.
int64_t even(int64_t total) { return total + total % 2; }

/// All A_i below each other, [R, in], R even.
at::Tensor stacked(at::TensorList a, at::ScalarType dtype) {
    auto result = (a.size() == 1 ? a[0] : at::cat(a)).to(dtype);
    return result.size(0) % 2 == 0 ? result : at::constant_pad_nd(result, {0, 0, 0, 1});
}

/// The scaled B_i on the diagonal of [out, R], so that one product serves all parts.
at::Tensor block_diagonal(at::TensorList b, at::IntArrayRef starts, at::ArrayRef<double> scales,
                          at::IntArrayRef ranks, int64_t out, at::ScalarType dtype) {
    int64_t total = 0;
    for (auto rank : ranks) total += rank;
    if (b.size() == 1 && b[0].size(0) == out && total % 2 == 0) return (b[0] * scales[0]).to(dtype);
    auto result = at::zeros({out, even(total)}, b[0].options().dtype(dtype));
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
        const auto b = block_diagonal(adapters.slice(parts, parts), starts, scales, ranks, matrix_size(weight).first, x.scalar_type());
        const auto inner = frozen_product(mask ? x * *mask : x, a);
        const auto y = frozen_product(x, weight, bias, LowRank{inner, b});
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
        const auto d_inner = product(dy, b);

        at::Tensor dx;
        if (context->needs_input_grad(0)) {
            if (mask.defined()) dx = product(dy, weight).add_(product(d_inner, a) * mask);
            else dx = product({Factors{dy, weight}, Factors{d_inner, a}}, {}, dy.scalar_type());
        }
        // Summed and kept in f32. B's the other way round: what is turned is the small one.
        const auto da = product({Factors{d_inner.t(), mask.defined() ? x * mask : x}}, {}, at::kFloat);
        const auto db = product({Factors{inner.t(), dy}}, {}, at::kFloat).t();

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
            block_diagonal(b, starts, scales, ranks, matrix_size(weight).first, weight.scalar_type())};
}

at::Tensor lora_linear_packed(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                              const at::Tensor &a, const at::Tensor &b) {
    return frozen_product(x, weight, bias, LowRank{frozen_product(x, a), b});
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(preceptor, library) {
    library.def("linear(Tensor x, Tensor weight, Tensor? bias) -> Tensor", &linear);
    library.def("trained_linear(Tensor x, Tensor weight, Tensor? bias) -> Tensor", &trained_linear);
    library.def(
        "lora_pack(int[] starts, float[] scales, Tensor[] a, Tensor[] b, Tensor weight) -> (Tensor, Tensor)", &lora_pack);
    library.def("lora_linear_packed(Tensor x, Tensor weight, Tensor? bias, Tensor a, Tensor b) -> Tensor",
                &lora_linear_packed);
    library.def(
        "lora_linear(Tensor x, Tensor weight, Tensor? bias, Tensor? mask, int[] starts, float[] scales, "
        "Tensor[] a, Tensor[] b) -> Tensor", &lora_linear);
}
