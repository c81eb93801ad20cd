// Decoders of one compressed frame: DCMTK's and OpenJPEG's.
#pragma once

#include "codestream.h"
#include "picture.h"

#include <cstdint>
#include <string>
#include <vector>

namespace worker {

/// Registers DCMTK's decoders; once, at the start.
void register_codecs();

/// JPEG in all its processes and JPEG-LS, by DCMTK: bit patterns [height, width, samples], colours
/// as they stand in the stream.
///
/// Throws `Code::corrupt`, `Code::unsupported`.
std::vector<int32_t> jpeg(const std::vector<uint8_t> &bytes, const CodeStream &stream);

/// RLE (PS3.5 annex G), by DCMTK.
std::vector<int32_t> run_lengths(const std::vector<uint8_t> &bytes, const Picture &image);

/// JPEG 2000, high throughput included, by OpenJPEG.
std::vector<int32_t> jpeg_2000(const std::vector<uint8_t> &bytes, const CodeStream &stream);

}  // namespace worker
