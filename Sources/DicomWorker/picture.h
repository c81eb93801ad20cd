// What a file says about its pixels (PS3.3 C.7.6.3).
#pragma once

#include "dataset.h"

#include <cstdint>
#include <string>
#include <vector>

namespace worker {

/// How large an image may be, as the program that asks sets it.
struct Limits {
    int64_t pixels;
    int64_t decoded_bytes;
};

enum class Storage { integers, floats, doubles };

struct Picture {
    int64_t width = 0, height = 0, frames = 1;
    int64_t samples = 1;
    int64_t allocated = 8, stored = 8, high = 7;
    bool is_signed = false;
    /// Whether each colour has a plane of its own.
    bool is_planar = false;
    std::string photometric;
    Storage storage = Storage::integers;
    DcmElement *pixels = nullptr;

    int64_t count() const { return width * height; }
    bool is_grey() const { return photometric.rfind("MONOCHROME", 0) == 0; }
    bool is_palette() const { return photometric == "PALETTE COLOR"; }
    bool is_ybr() const { return photometric.rfind("YBR", 0) == 0; }
    /// Two pixels share their colour.
    bool is_halved() const { return photometric == "YBR_FULL_422" || photometric == "YBR_PARTIAL_422"; }
};

/// Throws `Code::corrupt`, `Code::unsupported`, `Code::too_large`.
Picture picture(const DataSet &data, const Limits &limits, std::vector<std::string> &ignored);

}  // namespace worker
