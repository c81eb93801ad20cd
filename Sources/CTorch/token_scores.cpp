// preceptor::token_scores: log-probabilities of given tokens without keeping the logits.
//
// out_i = log softmax(s W h_i)[t_i] depends on row h_i alone, so its derivative s (onehot(t_i) - p_i) W is known as
// soon as the row's probabilities are: the forward pass computes it chunk by chunk and the backward pass scales it.
// (As W[t_i] - p_i W in bf16, the small derivative of a nearly certain token would drown in rounding.)
// Two vocabulary products in all, none of them recomputed (the idea of Liger's fused loss, arXiv:2410.10989).
#include "loops.h"
#include "panels.h"
#include "parallel.h"
#include "products.h"
#include "support.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>

namespace {

using namespace preceptor;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

void check(const at::Tensor &targets, int64_t rows, int64_t vocabulary, double scale) {
    TORCH_CHECK(scale > 0, "logits times ", scale);
    TORCH_CHECK(targets.numel() == rows, targets.numel(), " targets for ", rows, " rows");
    const auto *ids = targets.const_data_ptr<int64_t>();
    if (!targets.is_cpu()) return;
    TORCH_CHECK(std::all_of(ids, ids + rows, [&](int64_t id) { return 0 <= id && id < vocabulary; }),
                "a target outside the vocabulary of ", vocabulary);
}

struct Scores {
    at::Tensor log_probabilities, entropies, is_top;
};

/// Turns logits [n, V] into onehot(target) - p in place and fills the scores of rows first..first + n.
void score_rows(at::Tensor &logits, const at::Tensor &targets, float scale, int64_t first, Scores &scores) {
    const auto rows = logits.size(0), vocabulary = logits.size(1);
    const auto *wanted = targets.const_data_ptr<int64_t>() + first;
    with_kernel_type(logits, [&]<typename T>(T) {
        T *x = logits.mutable_data_ptr<T>();
        float *log_p = scores.log_probabilities.mutable_data_ptr<float>() + first;
        float *entropy = scores.entropies.mutable_data_ptr<float>() + first;
        float *top = scores.is_top.mutable_data_ptr<float>() + first;
        parallel_for(rows, [&](int64_t row) {
            loops<T>().score_row(x + row * vocabulary, vocabulary, wanted[row], scale, log_p + row, entropy + row,
                                 top + row);
        });
    });
}

/// log softmax(scale x), in f32.
at::Tensor scaled_log_softmax(const at::Tensor &logits, double scale) {
    return at::log_softmax(scale == 1 ? logits : logits.to(at::kFloat) * scale, -1, at::kFloat);
}

/// The same through libtorch's operators, on any device.
void score_rows_composed(at::Tensor &logits, const at::Tensor &targets, double scale, int64_t first, Scores &scores) {
    const auto rows = logits.size(0);
    const auto log_p = scaled_log_softmax(logits, scale), p = log_p.exp();
    const auto wanted = targets.narrow(0, first, rows);
    const auto wanted_log_p = log_p.gather(1, wanted.unsqueeze(1));
    scores.log_probabilities.narrow(0, first, rows).copy_(wanted_log_p.squeeze(1));
    scores.entropies.narrow(0, first, rows).copy_(-(p * log_p).sum(-1));
    scores.is_top.narrow(0, first, rows).copy_(log_p.argmax(-1).eq(wanted));
    logits.copy_((-p).scatter(1, wanted.unsqueeze(1), -wanted_log_p.expm1()));
}

struct TokenScores : torch::autograd::Function<TokenScores> {
    static variable_list forward(AutogradContext *context, const Variable &hidden, const Variable &weight,
                                 const Variable &targets, int64_t chunk, double scale) {
        const auto count = hidden.size(0);
        const auto options = hidden.options().dtype(at::kFloat).requires_grad(false);
        Scores scores{at::empty({count}, options), at::empty({count}, options), at::empty({count}, options)};
        const bool wants_gradient = hidden.requires_grad();
        auto slope = wants_gradient ? at::empty_like(hidden) : at::Tensor();
        for (int64_t first = 0; first < count; first += chunk) {
            const auto rows = std::min(chunk, count - first);
            auto logits = frozen_product(hidden.narrow(0, first, rows), weight);
            if (has_kernel(logits)) score_rows(logits, targets, static_cast<float>(scale), first, scores);
            else score_rows_composed(logits, targets, scale, first, scores);
            if (wants_gradient) slope.narrow(0, first, rows).copy_(product(logits, weight));
        }
        context->save_for_backward({slope});
        context->saved_data["scale"] = scale;
        context->mark_non_differentiable({scores.entropies, scores.is_top});
        return {scores.log_probabilities, scores.entropies, scores.is_top};
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto slope = context->get_saved_variables()[0];
        const auto factors = gradients[0] * context->saved_data["scale"].toDouble();
        return {(slope * factors.unsqueeze(1)).to(slope.scalar_type()), {}, {}, {}, {}};
    }
};

/// hidden [N, D], weight [V, D] (no gradient, may lie in panels), targets [N] int64 -> log p, entropy, whether the target was
/// the most probable token; each [N] f32, of logits times `scale`. At most `chunk` rows of logits exist at once.
std::tuple<at::Tensor, at::Tensor, at::Tensor> token_scores(const at::Tensor &hidden, const at::Tensor &weight,
                                                            const at::Tensor &targets, int64_t chunk, double scale) {
    const auto wanted = targets.contiguous();
    check(wanted, hidden.size(0), matrix_size(weight).first, scale);
    auto out = TokenScores::apply(hidden, weight, wanted, chunk, scale);
    return {out[0], out[1], out[2]};
}

/// logits [N, V], targets [N] int64 -> log p [N] f32, with the arithmetic of `token_scores`. No gradients.
at::Tensor log_probability(const at::Tensor &logits, const at::Tensor &targets, double scale) {
    const auto wanted = targets.contiguous();
    check(wanted, logits.size(0), logits.size(1), scale);
    if (!has_kernel(logits)) return scaled_log_softmax(logits, scale).gather(1, wanted.unsqueeze(1)).squeeze(1);
    const auto rows = logits.contiguous();
    const auto count = rows.size(0), vocabulary = rows.size(1);
    auto out = at::empty({count}, rows.options().dtype(at::kFloat));
    with_kernel_type(rows, [&]<typename T>(T) {
        parallel_for(count, [&](int64_t row) {
            out.mutable_data_ptr<float>()[row] = loops<T>().log_probability(
                rows.const_data_ptr<T>() + row * vocabulary, vocabulary, wanted.const_data_ptr<int64_t>()[row],
                static_cast<float>(scale));
        });
    });
    return out;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(preceptor, library) {
    library.def("token_scores(Tensor hidden, Tensor weight, Tensor targets, int chunk, float scale)"
                " -> (Tensor, Tensor, Tensor)", &token_scores);
    library.def("log_probability(Tensor logits, Tensor targets, float scale) -> Tensor", &log_probability);
}
