#include "icc_profile.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace deidentification {

namespace {

constexpr std::size_t headerSize = 128;

std::uint32_t number(std::span<const std::uint8_t> bytes, std::size_t position) {
    return (std::uint32_t(bytes[position]) << 24) | (std::uint32_t(bytes[position + 1]) << 16) |
           (std::uint32_t(bytes[position + 2]) << 8) | bytes[position + 3];
}

void put(std::vector<std::uint8_t> &bytes, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(std::uint8_t(value >> shift));
}

void put(std::vector<std::uint8_t> &bytes, std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
}

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

// What a conversion needs, in types that hold numbers and nothing else.
bool convertsColors(std::string_view signature, std::string_view type) {
    return isOneOf(signature, {"A2B0", "A2B1", "A2B2", "B2A0", "B2A1", "B2A2", "bXYZ", "gXYZ", "rXYZ", "bTRC", "gTRC",
                               "rTRC", "kTRC", "wtpt", "bkpt", "chad", "lumi", "gamt"}) &&
           isOneOf(type, {"XYZ ", "curv", "para", "mft1", "mft2", "mAB ", "mBA ", "sf32"});
}

// A text as version 4 ('mluc') and version 2 ('desc', 'text') write it.
std::vector<std::uint8_t> fixedText(bool isVersion4, bool isDescription) {
    constexpr std::string_view text = "removed";
    std::vector<std::uint8_t> data;
    if (isVersion4) {
        put(data, "mluc");
        for (std::uint32_t value : {0u, 1u, 12u}) put(data, value);
        put(data, "enUS");
        put(data, std::uint32_t(2 * text.size()));
        put(data, 28u);
        for (char c : text) data.insert(data.end(), {0, std::uint8_t(c)});
    } else if (isDescription) {
        put(data, "desc");
        put(data, 0u);
        put(data, std::uint32_t(text.size() + 1));
        put(data, text);
        data.resize(data.size() + 1 + 8 + 3 + 67, 0);
    } else {
        put(data, "text");
        put(data, 0u);
        put(data, text);
        data.push_back(0);
    }
    return data;
}

}  // namespace

std::vector<std::uint8_t> cleanedProfile(std::span<const std::uint8_t> profile) {
    if (profile.size() < headerSize + 4 || std::memcmp(profile.data() + 36, "acsp", 4) != 0) return {};
    const std::uint32_t count = number(profile, headerSize);
    if (count > 100 || headerSize + 4 + 12 * std::size_t(count) > profile.size()) return {};
    struct Tag {
        std::string_view signature;
        std::vector<std::uint8_t> data;
    };
    std::vector<Tag> tags;
    const bool isVersion4 = profile[8] >= 4;
    tags.push_back({"desc", fixedText(isVersion4, true)});
    tags.push_back({"cprt", fixedText(isVersion4, false)});
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::size_t entry = headerSize + 4 + 12 * std::size_t(i);
        const std::size_t offset = number(profile, entry + 4), size = number(profile, entry + 8);
        if (size < 8 || offset > profile.size() || size > profile.size() - offset) return {};
        const auto *start = reinterpret_cast<const char *>(profile.data());
        const std::string_view signature(start + entry, 4), type(start + offset, 4);
        if (!convertsColors(signature, type)) continue;
        tags.push_back({signature, {profile.begin() + long(offset), profile.begin() + long(offset + size)}});
    }
    if (tags.size() == 2) return {};

    // Version, class, colour spaces, intent and illuminant; not the makers, the date and the id.
    std::vector<std::uint8_t> result(headerSize, 0);
    const auto keep = [&](std::size_t from, std::size_t length) {
        std::copy_n(profile.begin() + long(from), length, result.begin() + long(from));
    };
    keep(8, 16);
    keep(36, 4);
    keep(64, 16);
    const std::uint8_t date[] = {0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};
    std::copy(std::begin(date), std::end(date), result.begin() + 24);
    put(result, std::uint32_t(tags.size()));
    std::size_t offset = headerSize + 4 + 12 * tags.size();
    for (const Tag &tag : tags) {
        put(result, tag.signature);
        put(result, std::uint32_t(offset));
        put(result, std::uint32_t(tag.data.size()));
        offset += (tag.data.size() + 3) / 4 * 4;
    }
    for (const Tag &tag : tags) {
        result.insert(result.end(), tag.data.begin(), tag.data.end());
        result.resize((result.size() + 3) / 4 * 4, 0);
    }
    for (int i = 0; i < 4; ++i) result[std::size_t(i)] = std::uint8_t(result.size() >> (24 - 8 * i));
    return result;
}

}  // namespace deidentification
