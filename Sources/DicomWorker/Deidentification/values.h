// values: whether a value is what its representation (PS3.5 table 6.2-1) says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcvr.h"

namespace deidentification {

bool isText(DcmEVR representation);

/// At backslashes, without the spaces and zero bytes around each value.
std::vector<std::string> splitValues(std::string_view text);
std::string joinValues(const std::vector<std::string> &values);

/// Whether one value has the form that its representation asks for: numbers, dates, times, ages,
/// UIDs, terms. Never true for names and free text, which have no form. An empty value has it.
bool hasForm(DcmEVR representation, std::string_view value);

/// A meaningless value of the representation.
std::string madeUpText(DcmEVR representation);

/// Whether bytes that should be numbers are written text: at least eight, all of them printable.
bool looksLikeText(const unsigned char *bytes, std::size_t count);

/// A date (DA or the first eight characters of a DT) moved back by days; empty if it is none.
std::string shifted(std::string_view date, int days);

}  // namespace deidentification
