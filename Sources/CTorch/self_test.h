// The check that a path must pass before it is taken.
#pragma once
#include "loops.h"

namespace preceptor {

/// Whether thin and tiled products, packed on the way or before, give the same bits, and the right values, over many
/// numbers of summands, rows and outputs.
template <typename T, typename E>
bool agrees(const Tiles<T, E> &tiles, const Tiles<E, E> &packed, const Tiles<T, T> &own);

}  // namespace preceptor
