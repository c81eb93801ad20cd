// The types that a product is computed in, and memory for its tiles.
#pragma once
#include "loops.h"
#include "processor.h"
#include "scratch.h"
#include "support.h"

namespace preceptor {

/// Calls body(T{}, E{}): the element type of a tensor that has a kernel, and the type that is multiplied.
template <typename Body>
void with_operand_types(const at::Tensor &x, Body &&body) {
    if (x.scalar_type() == at::kFloat) body(float{}, float{});
    else if (multiplies_bf16()) body(c10::BFloat16{}, c10::BFloat16{});
    else body(c10::BFloat16{}, float{});
}

inline int64_t panels(int64_t outputs) { return (outputs + kPanel - 1) / kPanel; }

}  // namespace preceptor
