// C ABI over libtorch: tensors, operators by name, autograd, runtime. The only door to C++.
//
// Ownership: a CTTensor that a function returns is owned by the caller (ct_tensor_release); one that
// is passed in is borrowed. A call that can fail returns a nonzero status and leaves a message for
// ct_last_error on the calling thread.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CTTensor_ *CTTensor;        // at::TensorImpl
typedef struct CTOperator_ *CTOperator;    // c10::OperatorHandle
typedef struct CTGenerator_ *CTGenerator;  // at::Generator

/// Why the last failing call on this thread failed; valid until the next one.
const char *ct_last_error(void);
/// Whether the last failure was memory that could not be had.
bool ct_last_error_is_memory(void);

// MARK: Tensors
void ct_tensor_release(CTTensor tensor);
/// A second owner of the same tensor.
CTTensor ct_tensor_retain(CTTensor tensor);
int64_t ct_tensor_dim(CTTensor tensor);
int64_t ct_tensor_size(CTTensor tensor, int64_t dim);
int8_t ct_tensor_dtype(CTTensor tensor);
/// Device type (c10::DeviceType) and index, -1 when it has none.
void ct_tensor_device(CTTensor tensor, int8_t *type, int8_t *index);
bool ct_tensor_is_contiguous(CTTensor tensor);
bool ct_tensor_requires_grad(CTTensor tensor);
void ct_tensor_set_requires_grad(CTTensor tensor, bool value);
/// The gradient, or NULL.
CTTensor ct_tensor_grad(CTTensor tensor);
void ct_tensor_set_grad(CTTensor tensor, CTTensor gradient);
/// How often it was changed in place; 0 for one made in inference mode.
uint32_t ct_tensor_version(CTTensor tensor);
/// Memory of a contiguous CPU tensor, or NULL when it is neither.
void *ct_tensor_data(CTTensor tensor);
int64_t ct_tensor_byte_count(CTTensor tensor);
/// A tensor over memory that someone else owns; `release` is called with `context` at its end.
CTTensor ct_tensor_from_memory(void *data, const int64_t *sizes, size_t dim, int8_t dtype,
                               void (*release)(void *context), void *context);
/// An uninitialised tensor on the CPU.
CTTensor ct_tensor_empty(const int64_t *sizes, size_t dim, int8_t dtype);

// MARK: Operators
typedef enum {
    CT_NONE, CT_DEFAULT, CT_TENSOR, CT_INT, CT_DOUBLE, CT_BOOL, CT_STRING, CT_DEVICE, CT_GENERATOR,
    CT_INTS, CT_DOUBLES, CT_TENSORS, CT_OPTIONAL_TENSORS
} CTKind;

typedef struct {
    CTKind kind;
    int64_t integer;      // CT_INT, CT_BOOL; first element of a list in its pool; device type
    int64_t count;        // elements of a list; device index
    double number;        // CT_DOUBLE
    const void *pointer;  // CT_TENSOR, CT_STRING, CT_GENERATOR
} CTArgument;

/// Lists of arguments live in pools, so that one call needs no nested memory.
typedef struct {
    const int64_t *integers;
    const double *numbers;
    const CTTensor *tensors;
} CTPools;

CTOperator ct_operator_find(const char *name, const char *overload);
/// The schema as text; valid until the next call on this thread.
const char *ct_operator_schema(CTOperator op);
/// Calls the operator; missing trailing arguments take the schema's defaults.
/// Tensors (lists are flattened) land in `results`; returns their number, or -1 on failure.
int64_t ct_operator_call(CTOperator op, const CTArgument *arguments, size_t count, CTPools pools,
                         CTTensor *results, size_t capacity);

// MARK: Autograd
bool ct_grad_enabled(void);
void ct_set_grad_enabled(bool enabled);
void *ct_inference_enter(void);
void ct_inference_leave(void *guard);
int ct_backward(CTTensor loss, CTTensor gradient);
/// Gradients of sum(outputs * output_gradients) for `inputs`; NULL where one is not used.
int ct_gradients(const CTTensor *outputs, const CTTensor *output_gradients, size_t output_count,
                 const CTTensor *inputs, size_t input_count, CTTensor *results);
/// Recomputes `forward` in the backward pass instead of keeping its activations.
/// `forward(context, input, recompute)` returns an owned tensor; `release(context)` ends it.
CTTensor ct_checkpoint(CTTensor input, CTTensor (*forward)(void *context, CTTensor input, bool recompute),
                       void (*release)(void *context), void *context);

// MARK: Random numbers
CTGenerator ct_generator_create(int8_t device_type, int8_t device_index, uint64_t seed);
void ct_generator_release(CTGenerator generator);
CTTensor ct_generator_state(CTGenerator generator);
int ct_generator_set_state(CTGenerator generator, CTTensor state);

// MARK: Processor
/// The path that every product takes: portable, avx2, avx512 or avx512_bf16.
const char *ct_processor_path(void);
/// What is wrong with PRECEPTOR_CPU; empty when nothing is. Valid until the next call on this thread.
const char *ct_processor_fault(void);
/// Whether bf16 is multiplied as it is; elsewhere it is widened to f32 while it is packed.
bool ct_multiplies_bf16(void);
/// The instruction set that libtorch's own operators use.
const char *ct_libtorch_capability(void);

// MARK: Runtime
/// Tells the C library to keep freed memory: fresh pages cost more than the arithmetic on them.
void ct_tune_memory(void);
/// Gives memory that is free back to the system.
void ct_trim_memory(void);
void ct_set_threads(int count);
int ct_threads(void);
const char *ct_version(void);
/// Loads the CUDA library when it is there; true when a CUDA device can be used.
bool ct_load_cuda(void);
int ct_cuda_device_count(void);
bool ct_mps_available(void);

#ifdef __cplusplus
}
#endif
