// The check that a path must pass before it is taken.
#pragma once
#include "loops.h"

namespace preceptor {

/// Whether thin and tiled products give the same bits, and the right values, over many numbers of summands, rows
/// and outputs.
template <typename T, typename E>
bool agrees(const Loops<T> &loops, const Tiles<T, E> &tiles);

}  // namespace preceptor
