#include "table.h"

namespace worker {

namespace {

constexpr size_t most_entries = 65536;

/// What segments stand for (PS3.3 C.7.9.2): values one by one, straight lines, and repetitions of
/// earlier segments.
class Segments {
  public:
    Segments(const std::vector<int64_t> &words, int64_t width, const char *name)
        : words_(words), width_(width), name_(name) {}

    std::vector<uint16_t> expanded() {
        expand(0, SIZE_MAX, false);
        return std::move(values_);
    }

  private:
    int64_t word(size_t place) const {
        if (place >= words_.size()) fail(Code::truncated, std::string(name_) + " does not end");
        return words_[place];
    }

    void append(double value) {
        if (values_.size() >= most_entries)
            fail(Code::corrupt, std::string(name_) + " has too many entries");
        values_.push_back(static_cast<uint16_t>(std::clamp(value, 0.0, 65535.0)));
    }

    void expand(size_t place, size_t segments, bool is_repetition) {
        for (size_t done = 0; done < segments && place + 1 < words_.size(); ++done) {
            const int64_t kind = word(place), count = word(place + 1);
            // A zero at the end makes the length even.
            if (kind == 0 && count == 0) return;
            place += 2;
            if (kind == 0) {
                for (int64_t index = 0; index < count; ++index)
                    append(static_cast<double>(word(place++)));
            } else if (kind == 1) {
                if (values_.empty()) refuse();
                const double from = values_.back(), to = static_cast<double>(word(place++));
                for (int64_t index = 1; index <= count; ++index)
                    append(from + (to - from) * static_cast<double>(index) / static_cast<double>(count) + 0.5);
            } else if (kind == 2 && !is_repetition) {
                uint64_t offset = 0;
                const size_t parts = width_ == 8 ? 4 : 2;
                for (size_t part = parts; part-- > 0;)
                    offset = offset << width_ | static_cast<uint64_t>(word(place + part));
                place += parts;
                expand(static_cast<size_t>(offset / (static_cast<uint64_t>(width_) / 8)),
                       static_cast<size_t>(count), true);
            } else {
                refuse();
            }
        }
    }

    [[noreturn]] void refuse() const {
        fail(Code::corrupt, std::string(name_) + " holds a segment of no known kind");
    }

    const std::vector<int64_t> &words_;
    const int64_t width_;
    const char *name_;
    std::vector<uint16_t> values_;
};

/// Words as bytes, the low end first.
std::vector<int64_t> split(const std::vector<int64_t> &words) {
    std::vector<int64_t> bytes;
    for (const int64_t word : words) bytes.insert(bytes.end(), {word & 0xff, word >> 8 & 0xff});
    return bytes;
}

}  // namespace

Table table(DcmItem &item, const DcmTagKey &descriptor, const DcmTagKey &data,
            const DcmTagKey &segmented, bool maps_signed, const char *name) {
    const auto facts = integers(item, descriptor);
    if (facts.size() != 3) fail(Code::corrupt, std::string(name) + " has no description");
    // Zero stands for 65536; numbers may have been read as signed.
    const auto count = static_cast<size_t>(facts[0] == 0 ? 65536 : facts[0] & 0xffff);
    Table result;
    result.first = maps_signed ? static_cast<int16_t>(facts[1]) : facts[1] & 0xffff;
    result.bits = facts[2] & 0xffff;
    auto words = integers(item, data);
    if (words.empty() && segmented != DCM_UndefinedTagKey) {
        words = integers(item, segmented);
        const int64_t width = result.bits <= 8 ? 8 : 16;
        result.entries = Segments(width == 8 ? split(words) : words, width, name).expanded();
    } else {
        // Eight-bit entries may stand two to a word.
        if (words.size() < count && words.size() * 2 >= count) words = split(words);
        for (const int64_t word : words) result.entries.push_back(static_cast<uint16_t>(word));
    }
    if (result.entries.size() < count || result.entries.empty())
        fail(Code::truncated, std::string(name) + " of " + std::to_string(result.entries.size()) +
                                  " entries where " + std::to_string(count) + " are declared");
    result.entries.resize(count);
    const uint16_t greatest = *std::max_element(result.entries.begin(), result.entries.end());
    while (result.bits < 16 && greatest >> std::max<int64_t>(result.bits, 1) != 0) ++result.bits;
    result.bits = std::clamp<int64_t>(result.bits, 1, 16);
    return result;
}

}  // namespace worker
