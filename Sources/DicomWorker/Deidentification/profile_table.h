// profile_table: each attribute of PS3.6 with what table E.1-1 of PS3.15 does to it.
#pragma once

#include <cstdint>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcvr.h"

namespace deidentification {

struct Attribute {
    std::uint32_t tag;
    DcmEVR representation;
    /// The most values it may have; 0 for any number.
    std::uint16_t mostValues;
    /// X, Z, D, U or K (a sequence that is looked through); '-' outside the table.
    char action;
    /// 1, 2 or 3: the strictest type of the attribute in any module of PS3.3.
    std::uint8_t type;
    /// Options (bits of `Option`) that keep it, and that clean it.
    std::uint16_t keptBy;
    std::uint16_t cleanedBy;
    const char *name;
};

/// nullptr for what the standard does not have.
const Attribute *findAttribute(std::uint16_t group, std::uint16_t element);

/// Makes DCMTK's dictionary know the attributes of later editions, so that implicit VR reads them
/// as explicit VR does. Once a process, before the first file.
void extendDictionary();

}  // namespace deidentification
