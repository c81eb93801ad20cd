// text_cleaning: free text of which only words stay that the standard knows.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace deidentification {

/// Words of the names, ids and addresses that an object holds; they never stay, whatever they mean.
class Identities {
public:
    void add(std::string_view text);
    bool contains(const std::string &word) const { return words.count(word) != 0; }

private:
    std::set<std::string> words;
};

/// The known words in their order with single spaces; digits stay in levels and weightings such
/// as L5 and T2. Empty where nothing is known, or where the text changes its character set.
std::string cleanedText(std::string_view text, const Identities &identities);

}  // namespace deidentification
