// preceptor::panels and its inverses: weights into panels and out of them, whole or by rows.
#include "panels.h"

#include <torch/library.h>

#include "parallel.h"
#include "support.h"

namespace {

using namespace preceptor;

int64_t per_word(const at::Tensor &weight) { return sizeof(uint32_t) / weight.element_size(); }

/// What can lie in panels: whole ones, that can be turned in whole words.
bool fits(const at::Tensor &weight) {
    return has_kernel(weight) && weight.dim() == 2 && weight.size(0) > 0 && weight.size(0) % kPanel == 0 &&
        weight.size(1) > 0 && weight.size(1) % 32 == 0;
}

/// Writes weight [outputs, inputs] into `out` [outputs / kPanel, words, kPanel words' numbers].
void pack(const at::Tensor &weight, at::Tensor out) {
    const auto rows = weight.contiguous();
    const auto per = per_word(rows), inputs = rows.size(1);
    const std::vector<int64_t> shape = {rows.size(0) / kPanel, inputs / per, kPanel * per};
    TORCH_CHECK(fits(rows) && out.sizes() == shape && out.is_contiguous() && out.scalar_type() == rows.scalar_type(),
                "no panels ", out.sizes(), " of ", weight.sizes());
    with_kernel_type(rows, [&]<typename T>(T) {
        parallel_for(shape[0], [&](int64_t panel) {
            const int64_t place = panel * kPanel * inputs;
            tiles<T, T>().pack_columns(rows.const_data_ptr<T>() + place, inputs, kPanel, inputs, out.mutable_data_ptr<T>() + place);
        });
    });
}

/// [outputs, inputs] again.
at::Tensor unpack(const at::Tensor &weight) {
    TORCH_CHECK(in_panels(weight), "no panels: ", weight.sizes());
    const auto per = per_word(weight);
    const auto [outputs, inputs] = matrix_size(weight);
    return weight.view({weight.size(0), weight.size(1), kPanel, per}).transpose(1, 2).reshape({outputs, inputs});
}

/// Rows `ids` [N] of the weight: [N, inputs].
at::Tensor rows(const at::Tensor &weight, const at::Tensor &ids) {
    const auto [outputs, inputs] = matrix_size(weight);
    const auto wanted = ids.to(at::kLong).contiguous();
    const int64_t count = wanted.numel(), words = weight.size(1), size = weight.size(2) / kPanel;
    const auto *id = wanted.const_data_ptr<int64_t>();
    auto out = at::empty({count, inputs}, weight.options().requires_grad(false));
    const auto *from = static_cast<const uint32_t *>(weight.const_data_ptr());
    auto *to = static_cast<uint32_t *>(out.mutable_data_ptr());
    TORCH_CHECK(size == per_word(weight), "no panels: ", weight.sizes());
    for (int64_t i = 0; i < count; i++) {
        TORCH_CHECK(0 <= id[i] && id[i] < outputs, "row ", id[i], " of ", outputs);
        const auto *lane = from + id[i] / kPanel * words * kPanel + id[i] % kPanel;
        for (int64_t word = 0; word < words; word++) to[i * words + word] = lane[word * kPanel];
    }
    return out;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(preceptor, library) {
    library.def("panels_fit(Tensor weight) -> bool", &fits);
    library.def("panels_pack(Tensor weight, Tensor(a!) out) -> ()", &pack);
    library.def("panels_unpack(Tensor weight) -> Tensor", &unpack);
    library.def("panels_rows(Tensor weight, Tensor ids) -> Tensor", &rows);
}
