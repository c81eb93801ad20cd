// preceptor::swiglu, preceptor::rotary and preceptor::rms_norm: the work between a block's products.
#include "loops.h"
#include "parallel.h"
#include "support.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

using namespace preceptor;
using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

constexpr int64_t kRowsAtLeast = 16;

// MARK: SwiGLU (arXiv:2002.05202): silu(gate) * up, gate and up side by side in one row

struct SwiGLU : torch::autograd::Function<SwiGLU> {
    static Variable forward(AutogradContext *context, const Variable &x) {
        auto shape = x.sizes().vec();
        const auto width = shape.back() /= 2;
        auto out = at::empty(shape, x.options());
        with_kernel_type(x, [&]<typename T>(T) {
            parallel_rows(out.numel() / width, kRowsAtLeast, [&](int64_t first, int64_t last) {
                loops<T>().swiglu(x.const_data_ptr<T>() + first * 2 * width,
                                  out.mutable_data_ptr<T>() + first * width, last - first, width);
            });
        });
        context->save_for_backward({x});
        return out;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto x = context->get_saved_variables()[0];
        const auto dy = gradients[0].contiguous();
        const auto width = dy.size(-1);
        auto dx = at::empty_like(x);
        with_kernel_type(x, [&]<typename T>(T) {
            parallel_rows(dy.numel() / width, kRowsAtLeast, [&](int64_t first, int64_t last) {
                loops<T>().swiglu_backward(x.const_data_ptr<T>() + first * 2 * width,
                                           dy.const_data_ptr<T>() + first * width,
                                           dx.mutable_data_ptr<T>() + first * 2 * width, last - first, width);
            });
        });
        return {dx};
    }
};

at::Tensor swiglu(const at::Tensor &x) {
    TORCH_CHECK(x.dim() > 0 && x.size(-1) % 2 == 0, "no two halves in ", x.sizes());
    if (has_kernel(x)) return SwiGLU::apply(x.contiguous());
    auto halves = x.chunk(2, -1);
    return at::silu(halves[0]) * halves[1];
}

// MARK: Rotary positions (arXiv:2104.09864), halves rotated against each other as in Llama

at::Tensor rotate(const at::Tensor &x, const at::Tensor &cosine, const at::Tensor &sine, int64_t heads,
                  int64_t size, float sign) {
    auto out = at::empty_like(x);
    const auto width = x.size(1), half = size / 2;
    with_kernel_type(x, [&]<typename T>(T) {
        parallel_rows(x.size(0), kRowsAtLeast, [&](int64_t first, int64_t last) {
            loops<T>().rotate(x.const_data_ptr<T>() + first * width, out.mutable_data_ptr<T>() + first * width,
                              cosine.const_data_ptr<float>() + first * half,
                              sine.const_data_ptr<float>() + first * half, sign, last - first, width, heads, size);
        });
    });
    return out;
}

struct Rotary : torch::autograd::Function<Rotary> {
    static Variable forward(AutogradContext *context, const Variable &x, const Variable &cosine,
                            const Variable &sine, int64_t heads, int64_t size) {
        context->save_for_backward({cosine, sine});
        context->saved_data["heads"] = heads;
        context->saved_data["size"] = size;
        return rotate(x, cosine, sine, heads, size, 1);
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        return {rotate(gradients[0].contiguous(), saved[0], saved[1], context->saved_data["heads"].toInt(),
                       context->saved_data["size"].toInt(), -1), {}, {}, {}, {}};
    }
};

/// x [T, W]: the first `heads` heads of `size` are rotated, the rest is copied. cosine, sine [T, size / 2] f32.
at::Tensor rotary(const at::Tensor &x, const at::Tensor &cosine, const at::Tensor &sine, int64_t heads, int64_t size) {
    TORCH_CHECK(x.dim() == 2 && size % 2 == 0 && heads * size <= x.size(1), heads, " heads of ", size, " in ", x.sizes());
    const std::vector<int64_t> angles = {x.size(0), size / 2};
    TORCH_CHECK(cosine.sizes() == angles && sine.sizes() == angles, "angles ", cosine.sizes(), " for ", x.sizes());
    if (has_kernel(x)) return Rotary::apply(x.contiguous(), cosine.contiguous(), sine.contiguous(), heads, size);
    auto parts = x.split_with_sizes({heads * size, x.size(1) - heads * size}, 1);
    auto halves = parts[0].view({x.size(0), heads, size}).to(at::kFloat).chunk(2, -1);
    const auto c = cosine.unsqueeze(1), s = sine.unsqueeze(1);
    auto rotated = at::cat({halves[0] * c - halves[1] * s, halves[1] * c + halves[0] * s}, -1);
    return at::cat({rotated.to(x.scalar_type()).view({x.size(0), heads * size}), parts[1]}, 1);
}

// MARK: Root-mean-square norm (arXiv:1910.07467)

struct RMSNorm : torch::autograd::Function<RMSNorm> {
    static Variable forward(AutogradContext *context, const Variable &x, const Variable &weight, double epsilon) {
        const auto width = x.size(-1);
        auto out = at::empty_like(x);
        with_kernel_type(x, [&]<typename T>(T) {
            parallel_rows(x.numel() / width, kRowsAtLeast, [&](int64_t first, int64_t last) {
                loops<T>().rms_norm(x.const_data_ptr<T>() + first * width, weight.const_data_ptr<T>(),
                                    out.mutable_data_ptr<T>() + first * width, last - first, width,
                                    static_cast<float>(epsilon));
            });
        });
        context->save_for_backward({x, weight});
        context->saved_data["epsilon"] = epsilon;
        return out;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        const auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1];
        const auto dy = gradients[0].contiguous();
        const auto width = x.size(-1);
        const auto epsilon = static_cast<float>(context->saved_data["epsilon"].toDouble());
        auto dx = at::empty_like(x);
        with_kernel_type(x, [&]<typename T>(T) {
            parallel_rows(x.numel() / width, kRowsAtLeast, [&](int64_t first, int64_t last) {
                const int64_t place = first * width;
                loops<T>().rms_norm_backward(x.const_data_ptr<T>() + place, weight.const_data_ptr<T>(),
                                             dy.const_data_ptr<T>() + place, dx.mutable_data_ptr<T>() + place,
                                             last - first, width, epsilon);
            });
        });
        return {dx, {}, {}};
    }
};

/// x [..., D], weight [D]; the weight gets no gradient.
at::Tensor rms_norm(const at::Tensor &x, const at::Tensor &weight, double epsilon) {
    TORCH_CHECK(x.dim() > 0 && weight.dim() == 1 && x.size(-1) == weight.size(0) && weight.size(0) > 0, "a norm of ",
                weight.sizes(), " for ", x.sizes());
    if (has_kernel(x) && weight.scalar_type() == x.scalar_type())
        return RMSNorm::apply(x.contiguous(), weight.contiguous(), epsilon);
    return at::rms_norm(x, weight.sizes(), weight, epsilon);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(preceptor, library) {
    library.def("rms_norm(Tensor x, Tensor weight, float epsilon) -> Tensor", &rms_norm);
    library.def("swiglu(Tensor gate_up) -> Tensor", &swiglu);
    library.def("rotary(Tensor x, Tensor cosine, Tensor sine, int heads, int size) -> Tensor", &rotary);
}
