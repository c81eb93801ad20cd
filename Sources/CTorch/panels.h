// Weights that lie as products read them.
//
// A panel is kPanel outputs beside each other, the inputs one after another, of bf16 two by two in a word of 32 bits: a
// weight [outputs, inputs] is a tensor [outputs / kPanel, words, kPanel words' numbers]. Decoding then reads one stream,
// turns nothing, and packs nothing.
#pragma once
#include <ATen/ATen.h>

#include <utility>

#include "loops.h"

namespace preceptor {

inline bool in_panels(const at::Tensor &weight) { return weight.dim() == 3; }

/// [outputs, inputs] of a weight, in panels or not.
inline std::pair<int64_t, int64_t> matrix_size(const at::Tensor &weight) {
    if (in_panels(weight)) return {weight.size(0) * kPanel, weight.size(1) * weight.size(2) / kPanel};
    TORCH_CHECK(weight.dim() == 2, "no matrix: ", weight.sizes());
    return {weight.size(0), weight.size(1)};
}

}  // namespace preceptor
