#include "vocabulary.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace deidentification {

namespace {

#define TERM(text) text,
constexpr std::string_view terms[] = {
#include "Tables/terms.def"
};
#undef TERM
#define UNIT(text) text,
constexpr std::string_view units[] = {
#include "Tables/units.def"
};
#undef UNIT
#define WORD(text) text,
constexpr std::string_view words[] = {
#include "Tables/words.def"
};
#undef WORD
#define UID(text) text,
constexpr std::string_view uids[] = {
#include "Tables/uids.def"
};
#undef UID

// Short forms in the names of protocols and series.
constexpr std::string_view shortForms[] = {
    "adc", "ap",  "ax",  "bw",  "cm",  "cor", "ct",  "cta", "ctp",  "cv",  "dwi", "epi", "fl",
    "flair", "fov", "fs", "gre", "hr", "iv",  "kv",  "lao", "lat",  "ll",  "lt",  "lv",  "mip",
    "ml",  "mm",  "mpr", "mr",  "mra", "ms",  "of",  "or",  "pa",   "pc",  "pd",  "pet", "post",
    "pre", "rao", "rl",  "rt",  "rv",  "sag", "se",  "spgr", "ste", "stir", "swi", "tof", "tra",
    "tse", "us",  "vr",  "wo",  "xr",  "and", "the", "with", "without",
};

template <typename List>
bool contains(const List &sorted, std::string_view text) {
    return std::binary_search(std::begin(sorted), std::end(sorted), text);
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool allDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

// SNOMED CT ends in Verhoeff's check digit, from the dihedral group of order 10.
bool isSnomedCT(std::string_view value) {
    if (value.size() < 6 || value.size() > 18 || !allDigits(value)) return false;
    static constexpr std::uint8_t permutation[8][10] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4}, {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
        {8, 9, 1, 6, 0, 4, 3, 5, 2, 7}, {9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
        {2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}};
    const auto product = [](int a, int b) {
        if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5;
        return b < 5 ? 5 + (a - 5 - b + 5) % 5 : (a - b + 5) % 5;
    };
    int check = 0;
    for (std::size_t i = 0; i < value.size(); ++i)
        check = product(check, permutation[i % 8][value[value.size() - 1 - i] - '0']);
    return check == 0;
}

// LOINC: a number, a hyphen, and the check digit of Luhn's method.
bool isLoinc(std::string_view value) {
    if (value.size() < 3 || value.size() > 9 || value[value.size() - 2] != '-') return false;
    const std::string_view number = value.substr(0, value.size() - 2);
    if (!allDigits(number) || !isDigit(value.back())) return false;
    int sum = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        const int digit = number[number.size() - 1 - i] - '0';
        const int weighted = i % 2 == 0 ? 2 * digit : digit;
        sum += weighted / 10 + weighted % 10;
    }
    return (10 - sum % 10) % 10 == value.back() - '0';
}

// SNOMED RT: an axis, a hyphen, five hexadecimal digits.
bool isSnomedRT(std::string_view value) {
    const std::size_t hyphen = value.find('-');
    if (hyphen == 0 || hyphen == std::string_view::npos || hyphen > 2) return false;
    const std::string_view code = value.substr(hyphen + 1);
    const auto isHexadecimal = [](char c) { return isDigit(c) || (c >= 'A' && c <= 'F'); };
    const std::string_view axis = value.substr(0, hyphen);
    return std::all_of(axis.begin(), axis.end(), [](char c) { return isDigit(c) || (c >= 'A' && c <= 'Z'); }) &&
           !isDigit(axis[0]) && code.size() >= 4 && code.size() <= 5 &&
           std::all_of(code.begin(), code.end(), isHexadecimal);
}

}  // namespace

bool isTerm(std::string_view text) { return contains(terms, text); }

bool isUnit(std::string_view text) { return contains(units, text); }

bool isWord(std::string_view text) {
    return contains(words, text) ||
           std::find(std::begin(shortForms), std::end(shortForms), text) != std::end(shortForms);
}

bool isStandardUID(std::string_view text) { return contains(uids, text); }

bool isPublicCode(std::string_view scheme, std::string_view value) {
    if (scheme == "SCT") return isSnomedCT(value);
    if (scheme == "LN") return isLoinc(value);
    if (scheme == "UCUM") return isUnit(value);
    if (scheme == "DCM") return value.size() == 6 && allDigits(value) && value[0] == '1';
    if (scheme == "SRT" || scheme == "SNM3" || scheme == "99SDM") return isSnomedRT(value);
    if (scheme == "FMA") return value.size() <= 6 && allDigits(value);
    return false;
}

}  // namespace deidentification
