#include "orientation.h"

#include <cstddef>

namespace deidentification {

int orientationOfEXIF(std::span<const std::uint8_t> tiff) {
    if (tiff.size() < 8) return 0;
    const bool bigEndian = tiff[0] == 'M';
    const auto number = [&](std::size_t position, std::size_t count) -> std::uint32_t {
        if (position + count > tiff.size()) return 0;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < count; ++i)
            value |= std::uint32_t(tiff[position + i]) << (8 * (bigEndian ? count - 1 - i : i));
        return value;
    };
    const std::size_t directory = number(4, 4);
    const std::uint32_t entries = number(directory, 2);
    for (std::uint32_t i = 0; i < entries && directory + 2 + 12 * (i + 1) <= tiff.size(); ++i) {
        const std::size_t entry = directory + 2 + 12 * std::size_t(i);
        if (number(entry, 2) != 0x0112) continue;
        const std::uint32_t value = number(entry + 8, 2);
        return value >= 1 && value <= 8 ? int(value) : 0;
    }
    return 0;
}

int orientationOfXMP(std::string_view packet) {
    constexpr std::string_view name = "tiff:Orientation";
    const std::size_t found = packet.find(name);
    if (found == std::string_view::npos) return 0;
    // An attribute (="6") or an element (>6<).
    const std::size_t digit = packet.find_first_not_of("=\"'> \t\r\n", found + name.size());
    if (digit == std::string_view::npos || packet[digit] < '1' || packet[digit] > '8') return 0;
    return packet[digit] - '0';
}

std::vector<std::uint8_t> plainEXIF(int orientation) {
    return {'I', 'I', 42, 0, 8, 0, 0, 0,                                            // header
            1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, std::uint8_t(orientation), 0, 0, 0,  // one short
            0, 0, 0, 0};                                                            // no further directory
}

}  // namespace deidentification
