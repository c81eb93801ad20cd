// Small products of tiles in memory, through oneDNN's kernels. They sum in f32 in the order of the inputs,
// whatever the number of rows; so do the loops for few rows (loops.h), and both give the same bits.
#pragma once
#include <ATen/native/CPUBlas.h>

#include <cstring>
#include <type_traits>
#include <vector>

#include "loops.h"

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

/// c [m, n] (+)= a [m, k] b, b packed by `pack_columns` or `pack_rows` with n columns.
template <typename T>
void multiply(int64_t m, int64_t n, int64_t k, const T *a, int64_t a_stride, const T *b, float *c, int64_t c_stride,
              bool add) {
    at::native::cpublas::brgemm(m, n, k, a_stride, n, c_stride, add, a, b, c, std::is_same_v<T, c10::BFloat16>);
}

/// To be called when a thread is done with its products.
template <typename T>
void end_products() {
    at::native::cpublas::brgemm_release(std::is_same_v<T, c10::BFloat16>);
}

/// Rows [rows, inputs] as the right operand of a product that sums over the inputs; pairs of bf16 stay together.
template <typename T>
void pack_columns(const T *x, int64_t stride, int64_t rows, int64_t inputs, T *out) {
    constexpr int64_t kPerWord = sizeof(uint32_t) / sizeof(T);
    loops<T>().transpose_words(reinterpret_cast<const uint32_t *>(x), stride / kPerWord, rows, inputs / kPerWord,
                               reinterpret_cast<uint32_t *>(out), rows);
}

/// Whether this CPU runs the products on the element type: products.cpp tries one.
template <typename T>
bool has_products();

}  // namespace preceptor
