// The values of one frame, before anything is made of them.
#pragma once

#include "picture.h"

#include <cstdint>
#include <vector>

namespace worker {

/// [height, width, samples]: stored bits alone, signs extended.
class Values {
  public:
    explicit Values(std::vector<int32_t> bits, bool is_signed)
        : bits_(std::move(bits)), is_signed_(is_signed) {}
    explicit Values(std::vector<double> numbers) : numbers_(std::move(numbers)) {}

    size_t size() const { return bits_.empty() ? numbers_.size() : bits_.size(); }
    double operator[](size_t place) const {
        if (bits_.empty()) return numbers_[place];
        return is_signed_ ? bits_[place] : static_cast<double>(static_cast<uint32_t>(bits_[place]));
    }

  private:
    std::vector<int32_t> bits_;
    bool is_signed_ = false;
    std::vector<double> numbers_;
};

struct Frame {
    Values values;
    /// Whether three samples are luminance and colour differences.
    bool is_ybr;
};

/// Throws `Code::no_frame`, `Code::truncated`, `Code::corrupt`, `Code::unsupported`.
Frame frame(const DataSet &data, const Picture &image, int64_t index, std::vector<std::string> &ignored);

}  // namespace worker
