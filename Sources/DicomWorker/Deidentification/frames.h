// frames: compressed frames rewritten without comments, EXIF, thumbnails and what stands behind them.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace deidentification {

/// Why pixels cannot be cleaned. Such an object is held back.
struct PixelProblem : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct CleanFrame {
    std::vector<std::uint8_t> bytes;
    /// Bytes of the input up to the end of the code stream.
    std::size_t used = 0;
    /// Bytes of comments and application data that went.
    std::size_t removed = 0;
    /// Bits a sample; 0 where the stream does not say.
    int precision = 0;
};

/// JPEG (all processes) and JPEG-LS: segments that decode the picture stay.
CleanFrame cleanJPEG(std::span<const std::uint8_t> input);

/// JPEG 2000 code streams, also when wrapped in a JP2 file, whose boxes go.
CleanFrame cleanJPEG2000(std::span<const std::uint8_t> input);

/// RLE of PS3.5 annex G: each segment ends where its samples do.
/// - Parameters:
///   - segments: Samples a pixel times bytes a sample.
///   - length: Pixels of a frame.
CleanFrame cleanRLE(std::span<const std::uint8_t> input, std::size_t segments, std::size_t length);

}  // namespace deidentification
