// keyed_hash: what takes the place of UIDs, of a patient's id and of dates, the same for the same
// under one key, and not to be undone without it (HMAC-SHA256).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "options.h"

namespace deidentification {

class KeyedHash {
public:
    explicit KeyedHash(Key key);

    /// 2.25 and 128 bits as a decimal number (PS3.5 B.2, a UUID of RFC 9562's version 8).
    std::string uid(std::string_view original) const;

    /// Letters and digits in place of a patient's id; empty for an empty one.
    std::string pseudonym(std::string_view patient) const;

    /// Days that a patient's dates move back: 1 to 3,652.
    int shift(std::string_view patient) const;

private:
    std::array<std::uint8_t, 32> hash(std::string_view purpose, std::string_view text) const;

    Key key;
};

}  // namespace deidentification
