// Tensor handles and the error of the calling thread.
#include "support.h"

#include <c10/util/Exception.h>

namespace preceptor {

LastError &last_error() {
    thread_local LastError error;
    return error;
}

void record_current_exception() {
    auto &error = last_error();
    try {
        throw;
    } catch (const c10::Error &exception) {
        error.message = exception.what_without_backtrace();
    } catch (const std::exception &exception) {
        error.message = exception.what();
    } catch (...) {
        error.message = "an unknown C++ exception";
    }
    error.memory = error.message.find("allocate memory") != std::string::npos ||
                   error.message.find("out of memory") != std::string::npos ||
                   error.message.find("bad_alloc") != std::string::npos;
}

}  // namespace preceptor

using namespace preceptor;

const char *ct_last_error(void) { return last_error().message.c_str(); }
bool ct_last_error_is_memory(void) { return last_error().memory; }

void ct_tensor_release(CTTensor tensor) {
    c10::intrusive_ptr<at::TensorImpl>::reclaim(reinterpret_cast<at::TensorImpl *>(tensor));
}

CTTensor ct_tensor_retain(CTTensor tensor) { return own(borrow(tensor)); }

static at::TensorImpl *impl(CTTensor tensor) { return reinterpret_cast<at::TensorImpl *>(tensor); }

int64_t ct_tensor_dim(CTTensor tensor) { return impl(tensor)->dim(); }
int64_t ct_tensor_size(CTTensor tensor, int64_t dim) { return impl(tensor)->size(dim); }
int8_t ct_tensor_dtype(CTTensor tensor) {
    return static_cast<int8_t>(c10::typeMetaToScalarType(impl(tensor)->dtype()));
}

void ct_tensor_device(CTTensor tensor, int8_t *type, int8_t *index) {
    const auto device = impl(tensor)->device();
    *type = static_cast<int8_t>(device.type());
    *index = device.index();
}

bool ct_tensor_is_contiguous(CTTensor tensor) { return impl(tensor)->is_contiguous(); }
bool ct_tensor_requires_grad(CTTensor tensor) { return impl(tensor)->requires_grad(); }
void ct_tensor_set_requires_grad(CTTensor tensor, bool value) {
    borrow(tensor).set_requires_grad(value);
}

CTTensor ct_tensor_grad(CTTensor tensor) {
    auto gradient = borrow(tensor).grad();
    return gradient.defined() ? own(std::move(gradient)) : nullptr;
}

void ct_tensor_set_grad(CTTensor tensor, CTTensor gradient) {
    borrow(tensor).mutable_grad() = gradient ? borrow(gradient) : at::Tensor();
}

uint32_t ct_tensor_version(CTTensor tensor) {
    auto *value = impl(tensor);
    return value->is_inference() ? 0 : value->version_counter().current_version();
}

void *ct_tensor_data(CTTensor tensor) {
    auto value = borrow(tensor);
    return value.is_cpu() && value.is_contiguous() ? value.data_ptr() : nullptr;
}

int64_t ct_tensor_byte_count(CTTensor tensor) {
    return static_cast<int64_t>(impl(tensor)->numel() * impl(tensor)->itemsize());
}

CTTensor ct_tensor_from_memory(void *data, const int64_t *sizes, size_t dim, int8_t dtype,
                               void (*release)(void *), void *context) {
    return guarded<CTTensor>(nullptr, [&] {
        return own(at::from_blob(
            data, at::IntArrayRef(sizes, dim), [release, context](void *) { release(context); },
            at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))));
    });
}

CTTensor ct_tensor_empty(const int64_t *sizes, size_t dim, int8_t dtype) {
    return guarded<CTTensor>(nullptr, [&] {
        return own(at::empty(at::IntArrayRef(sizes, dim),
                             at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype))));
    });
}
