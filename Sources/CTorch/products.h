// Products of matrices, for any number of rows.
#pragma once
#include <ATen/ATen.h>

namespace preceptor {

/// left [m, k] times right [k, n], or times the transpose of right [n, k]; a right operand may lie in panels
/// (panels.h).
struct Factors {
    at::Tensor left, right;
    bool transposed = false;
};

/// The sum of the products plus the bias [n], summed in f32 and rounded once, to `dtype`. No gradients.
///
/// On the CPU each output is summed in one order (Tiles::step): a row's result does not depend, in any
/// bit, on the other rows.
at::Tensor product(at::ArrayRef<Factors> factors, const std::optional<at::Tensor> &bias, at::ScalarType dtype);

/// left times right in left's dtype.
inline at::Tensor product(const at::Tensor &left, const at::Tensor &right) {
    return product({Factors{left, right}}, {}, left.scalar_type());
}

/// An adapter's share of a product: inner [rows, R] times b [out, R] transposed.
struct LowRank {
    at::Tensor inner, b;
};

/// x [rows, in] times weight [out, in] transposed, which may lie in panels, plus the adapter's share and the bias, in x's dtype.
at::Tensor frozen_product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias = {},
                          const std::optional<LowRank> &adapter = {});

}  // namespace preceptor
