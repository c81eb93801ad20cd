// Memory of tiles, and the types that a product is computed in.
#pragma once
#include <vector>

#include "loops.h"
#include "processor.h"
#include "support.h"

namespace preceptor {

/// Memory of one thread, grown and never shrunk while the thread lives.
template <typename T>
T *scratch(std::vector<char> &memory, int64_t count) {
    const size_t bytes = static_cast<size_t>(count) * sizeof(T) + 64;
    if (memory.size() < bytes) memory.resize(bytes);
    return reinterpret_cast<T *>((reinterpret_cast<uintptr_t>(memory.data()) + 63) & ~uintptr_t{63});
}
#define SCRATCH(type, name, count)                \
    thread_local std::vector<char> name##_memory; \
    type *name = scratch<type>(name##_memory, count)

/// Calls body(T{}, E{}): the element type of a tensor that has a kernel, and the type that is multiplied.
template <typename Body>
void with_operand_types(const at::Tensor &x, Body &&body) {
    if (x.scalar_type() == at::kFloat) body(float{}, float{});
    else if (multiplies_bf16()) body(c10::BFloat16{}, c10::BFloat16{});
    else body(c10::BFloat16{}, float{});
}

inline int64_t panels(int64_t outputs) { return (outputs + kPanel - 1) / kPanel; }

}  // namespace preceptor
