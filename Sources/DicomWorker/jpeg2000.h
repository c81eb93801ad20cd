// Code streams of JPEG 2000, high throughput included, by OpenJPEG: for pictures and for copies.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <openjpeg.h>

namespace jpeg2000 {

struct Release {
    void operator()(opj_image_t *image) const { opj_image_destroy(image); }
};
using Image = std::unique_ptr<opj_image_t, Release>;

/// All components of a code stream without a file (JP2) around it; null where it is damaged or
/// ends early.
///
/// Throws std::bad_alloc.
Image decoded(std::span<const uint8_t> stream);

}  // namespace jpeg2000
