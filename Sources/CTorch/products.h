// Products with frozen weights, for any number of rows.
#pragma once
#include <ATen/ATen.h>

namespace preceptor {

/// An adapter's share of a product: inner [rows, R] times b [out, R] transposed. R is even.
struct LowRank {
    at::Tensor inner, b;
};

/// x [rows, in] times weight [out, in] transposed, plus the adapter's share and the bias, rounded once. No gradients.
///
/// A row's result does not depend on the other rows, in any bit, where `has_products` holds.
at::Tensor frozen_product(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias = {},
                          const std::optional<LowRank> &adapter = {});

}  // namespace preceptor
