// What a compressed frame says about itself, read before its decoder is trusted with it.
#pragma once

#include "problem.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace worker {

struct CodeStream {
    enum class Kind { jpeg, jpeg_lossless, jpeg_ls, jpeg_2000 };
    enum class Colour { unknown, rgb, ybr };

    Kind kind = Kind::jpeg;
    int64_t width = 0, height = 0, samples = 0;
    /// Bits a sample.
    int64_t precision = 0;
    /// What markers of JFIF and Adobe say of three samples.
    Colour colour = Colour::unknown;
    /// Where a JPEG 2000 code stream starts within the frame; a file around it (JP2) is skipped.
    size_t start = 0;

    /// Throws `Code::truncated`, `Code::corrupt`, `Code::unsupported`.
    explicit CodeStream(const std::vector<uint8_t> &frame);

  private:
    void read_jpeg(const std::vector<uint8_t> &frame);
    void read_jpeg_2000(const std::vector<uint8_t> &frame);
};

}  // namespace worker
