// vocabulary: texts that the standard itself defines, and that therefore say nothing of a patient.
#pragma once

#include <string_view>

namespace deidentification {

/// A term of any code string (CS).
bool isTerm(std::string_view text);

/// A code of UCUM that PS3.16 uses.
bool isUnit(std::string_view text);

/// A word, in lower case, of the meanings of PS3.16's codes, or a usual short form of a protocol.
bool isWord(std::string_view text);

/// A UID of PS3.6: transfer syntaxes, SOP classes, well-known instances.
bool isStandardUID(std::string_view text);

/// Whether a coded entry can be what it says: the scheme is a public one, and the value has that
/// scheme's form and, where it has one, check digit (SNOMED CT, LOINC).
bool isPublicCode(std::string_view scheme, std::string_view value);

}  // namespace deidentification
