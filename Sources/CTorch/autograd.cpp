// Gradients, gradient modes, and activation checkpointing with a callback.
#include "support.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/grad_mode.h>

using namespace preceptor;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

bool ct_grad_enabled(void) { return at::GradMode::is_enabled(); }
void ct_set_grad_enabled(bool enabled) { at::GradMode::set_enabled(enabled); }
void *ct_inference_enter(void) { return new c10::InferenceMode(true); }
void ct_inference_leave(void *guard) { delete static_cast<c10::InferenceMode *>(guard); }

int ct_backward(CTTensor loss, CTTensor gradient) {
    return guarded(1, [&] {
        variable_list gradients;
        if (gradient) gradients.push_back(borrow(gradient));
        torch::autograd::backward({borrow(loss)}, gradients);
        return 0;
    });
}

int ct_gradients(const CTTensor *outputs, const CTTensor *output_gradients, size_t output_count,
                 const CTTensor *inputs, size_t input_count, CTTensor *results) {
    return guarded(1, [&] {
        variable_list from, weights, to;
        for (size_t i = 0; i < output_count; i++) {
            from.push_back(borrow(outputs[i]));
            if (output_gradients) weights.push_back(borrow(output_gradients[i]));
        }
        for (size_t i = 0; i < input_count; i++) to.push_back(borrow(inputs[i]));
        auto gradients = torch::autograd::grad(from, to, weights, std::nullopt, false, true);
        for (size_t i = 0; i < input_count; i++) {
            results[i] = gradients[i].defined() ? own(gradients[i]) : nullptr;
        }
        return 0;
    });
}

namespace {

using Forward = CTTensor (*)(void *, CTTensor, bool);

/// The closure of a checkpointed block; lives as long as the graph that may recompute it.
struct Block : torch::CustomClassHolder {
    Forward forward;
    void (*release)(void *);
    void *context;
    Block(Forward forward, void (*release)(void *), void *context)
        : forward(forward), release(release), context(context) {}
    ~Block() override { release(context); }

    at::Tensor run(const at::Tensor &input, bool recompute) const {
        CTTensor output = forward(context, reinterpret_cast<CTTensor>(input.unsafeGetTensorImpl()), recompute);
        return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(
            reinterpret_cast<at::TensorImpl *>(output)));
    }
};

/// Reentrant checkpointing: forward without a graph, backward builds it anew and runs it.
/// Parameters the block captured receive their gradients from that inner backward pass.
struct Checkpoint : torch::autograd::Function<Checkpoint> {
    static Variable forward(AutogradContext *context, const Variable &input, const Variable &anchor,
                            c10::intrusive_ptr<Block> block) {
        context->save_for_backward({input});
        context->saved_data["block"] = c10::IValue::make_capsule(block);
        at::NoGradGuard off;
        return block->run(input, false);
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        auto holder = context->saved_data["block"].toCapsule();
        const auto *block = static_cast<const Block *>(holder.get());
        auto input = saved[0].detach();
        input.requires_grad_(true);
        at::AutoGradMode on(true);
        auto output = block->run(input, true);
        torch::autograd::backward({output}, {gradients[0]});
        return {input.grad(), Variable(), Variable()};
    }
};

}  // namespace

CTTensor ct_checkpoint(CTTensor input, Forward forward, void (*release)(void *), void *context) {
    auto block = c10::make_intrusive<Block>(forward, release, context);
    return guarded<CTTensor>(nullptr, [&] {
        // The anchor requires a gradient, so that blocks whose input needs none are recomputed too.
        auto anchor = at::empty({0}).requires_grad_(true);
        return own(Checkpoint::apply(borrow(input), anchor, block));
    });
}
