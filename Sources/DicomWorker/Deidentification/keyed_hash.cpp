#include "keyed_hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace deidentification {

KeyedHash::KeyedHash(Key secret) : key(std::move(secret)) {}

std::array<std::uint8_t, 32> KeyedHash::hash(std::string_view purpose, std::string_view text) const {
    // The purpose ends in a byte that it cannot hold, so that no two inputs are alike.
    std::string input(purpose);
    input += '\0';
    input += text;
    std::array<std::uint8_t, 32> digest{};
    unsigned int length = 0;
    const auto *done =
        HMAC(EVP_sha256(), key.data(), int(key.size()), reinterpret_cast<const unsigned char *>(input.data()),
             input.size(), digest.data(), &length);
    if (done == nullptr || length != digest.size()) throw std::runtime_error("HMAC-SHA256 failed");
    return digest;
}

std::string KeyedHash::uid(std::string_view original) const {
    auto digest = hash("uid", original);
    digest[6] = std::uint8_t((digest[6] & 0x0F) | 0x80);
    digest[8] = std::uint8_t((digest[8] & 0x3F) | 0x80);
    // Long division of the 16 bytes by ten gives the digits from the last to the first.
    std::string digits;
    std::array<std::uint8_t, 16> number{};
    std::copy_n(digest.begin(), number.size(), number.begin());
    while (std::any_of(number.begin(), number.end(), [](std::uint8_t byte) { return byte != 0; })) {
        unsigned rest = 0;
        for (auto &byte : number) {
            const unsigned value = rest * 256 + byte;
            byte = std::uint8_t(value / 10);
            rest = value % 10;
        }
        digits += char('0' + rest);
    }
    std::reverse(digits.begin(), digits.end());
    return "2.25." + digits;
}

std::string KeyedHash::pseudonym(std::string_view patient) const {
    if (patient.empty()) return {};
    const auto digest = hash("patient", patient);
    // No vowels: no accidental words.
    static constexpr char letters[] = "0123456789BCDFGHJKLMNPQRSTVWXZ";
    std::string text = "P";
    for (std::size_t i = 0; i < 12; ++i) text += letters[digest[i] % 30];
    return text;
}

int KeyedHash::shift(std::string_view patient) const {
    const auto digest = hash("days", patient);
    return 1 + int(((unsigned(digest[0]) << 16) | (unsigned(digest[1]) << 8) | digest[2]) % 3652);
}

}  // namespace deidentification
