// Shared by the C++ files: handles and the error of the calling thread.
#pragma once
#include <ATen/ATen.h>

#include <exception>
#include <string>

#include "CTorch.h"

namespace preceptor {

struct LastError {
    std::string message;
    bool memory = false;
};
LastError &last_error();
void record_current_exception();

inline at::Tensor borrow(CTTensor tensor) {
    return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(
        reinterpret_cast<at::TensorImpl *>(tensor)));
}

inline CTTensor own(at::Tensor tensor) {
    return reinterpret_cast<CTTensor>(tensor.unsafeReleaseTensorImpl());
}

/// Runs `body`; on an exception records it and returns `failure`.
template <typename Result, typename Body>
Result guarded(Result failure, Body &&body) {
    try {
        return body();
    } catch (...) {
        record_current_exception();
        return failure;
    }
}

/// Whether the CPU kernels of this project take the tensor; others go through libtorch's operators.
inline bool has_kernel(const at::Tensor &x) {
    return x.is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

/// Calls body(T{}) with the element type of a tensor that has a kernel.
template <typename Body>
void with_kernel_type(const at::Tensor &x, Body &&body) {
    if (x.scalar_type() == at::kFloat) body(float{});
    else body(c10::BFloat16{});
}

}  // namespace preceptor
