// Which bytes of encapsulated pixel data make a frame (PS3.5 A.4).
#pragma once

#include "picture.h"

#include <cstdint>
#include <vector>

namespace worker {

/// The bytes of a frame, its fragments joined. By the extended or the basic table of offsets, one
/// fragment a frame, or, where neither helps, from one start of a code stream to the next.
///
/// Throws `Code::truncated`, `Code::corrupt`.
std::vector<uint8_t> fragments(const DataSet &data, const Picture &image, int64_t frame);

}  // namespace worker
