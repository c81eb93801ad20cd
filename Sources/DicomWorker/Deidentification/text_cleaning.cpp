#include "text_cleaning.h"

#include <cctype>

#include "vocabulary.h"

namespace deidentification {

namespace {

bool isLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
// Bytes above 0x7F are letters of some character set, so that "Mu<FC>ller" is one word.
bool isWordByte(char c) { return isLetter(c) || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80) != 0; }

std::string lowered(std::string_view text) {
    std::string result;
    for (char c : text) result += char(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

// Calls with each word, and what stood before it.
template <typename Body>
void forEachWord(std::string_view text, Body body) {
    std::size_t position = 0;
    while (position < text.size()) {
        while (position < text.size() && !isWordByte(text[position])) ++position;
        const std::size_t start = position;
        while (position < text.size() && isWordByte(text[position])) ++position;
        if (position > start) body(text.substr(start, position - start));
    }
}

// Vertebrae, weightings and leads: a letter of a few and one or two digits.
bool isLevel(std::string_view word) {
    if (word.size() < 2 || word.size() > 3 || std::string_view("TLCSVtlcsv").find(word[0]) == std::string_view::npos)
        return false;
    for (char c : word.substr(1))
        if (c < '0' || c > '9') return false;
    return true;
}

}  // namespace

void Identities::add(std::string_view text) {
    forEachWord(text, [&](std::string_view word) { words.insert(lowered(word)); });
}

std::string cleanedText(std::string_view text, const Identities &identities) {
    if (text.find('\x1B') != std::string_view::npos) return {};
    std::string result;
    forEachWord(text, [&](std::string_view word) {
        const std::string lower = lowered(word);
        if (identities.contains(lower) || !(isWord(lower) || isLevel(word))) return;
        if (!result.empty()) result += ' ';
        result += word;
    });
    return result;
}

}  // namespace deidentification
