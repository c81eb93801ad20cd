// Tables of values: lookup tables of modality, VOI and palettes (PS3.3 C.11.1.1, C.11.2.1.1, C.7.9).
#pragma once

#include "dataset.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace worker {

struct Table {
    /// The value that the first entry stands for; smaller ones take it too.
    int64_t first = 0;
    /// Of an entry, as declared, or more where entries need them.
    int64_t bits = 16;
    std::vector<uint16_t> entries;

    /// Values beyond the table take its last entry.
    uint16_t operator[](double value) const {
        const double place = value - static_cast<double>(first);
        const double last = static_cast<double>(entries.size() - 1);
        // Not a number is the first entry.
        return entries[static_cast<size_t>(place > 0 ? std::min(place, last) : 0)];
    }
};

/// - Parameters:
///   - segmented: Where the entries may stand in segments instead; `DCM_UndefinedTagKey` for
///     nowhere.
///   - maps_signed: Whether the values that the table is asked for may be negative.
///
/// Throws `Code::corrupt` and `Code::truncated` with this name.
Table table(DcmItem &item, const DcmTagKey &descriptor, const DcmTagKey &data,
            const DcmTagKey &segmented, bool maps_signed, const char *name);

}  // namespace worker
