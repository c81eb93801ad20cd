// jpeg2000_decoder: frames of JPEG 2000 by OpenJPEG, which DCMTK 3.6.7 does not read.
#pragma once

#include "pixels.h"

namespace deidentification {

/// All frames as uncompressed bytes, one fragment a frame; `format` becomes that of the result.
/// - Throws: `PixelProblem` where size, components or precision are not what the attributes say.
std::vector<std::uint8_t> decodedJPEG2000(const std::vector<std::vector<std::uint8_t>> &frames, PixelFormat &format);

}  // namespace deidentification
