// report: what a de-identification did, by names of attributes, never by their values.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace deidentification {

struct Report {
    std::set<std::string> removed;
    std::set<std::string> emptied;
    /// By a made-up value, a pseudonym or another UID.
    std::set<std::string> replaced;
    /// Text of which only known words are left, dates that moved, code strings without unknown terms.
    std::set<std::string> cleaned;
    std::size_t privateAttributes = 0;
    /// Attributes that the standard does not have.
    std::size_t unknownAttributes = 0;
    /// Sequences whose bytes could not be read as items.
    std::size_t unreadableSequences = 0;
    std::size_t replacedUIDs = 0;
    /// What was done to pixels, overlays, frames and what stands around them.
    std::vector<std::string> pixels;
    /// What a person should look at.
    std::vector<std::string> warnings;
    /// Codes of CID 7050 as written into the object.
    std::vector<std::string> methods;
    /// YES or NO, as written into the object.
    std::string identityRemoved;
};

}  // namespace deidentification
