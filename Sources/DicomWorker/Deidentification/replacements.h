// replacements: what stands in a copy in place of what; told only to whom asks, never part of a report.
#pragma once

#include <map>
#include <string>

namespace deidentification {

/// From the bytes of the original to what took their place.
struct Replacements {
    std::map<std::string, std::string> uids;
    /// Patients' ids; of a file without one the Study Instance UID, which its pseudonym is made of.
    std::map<std::string, std::string> patients;
};

}  // namespace deidentification
