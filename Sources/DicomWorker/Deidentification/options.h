// options: what a de-identification keeps and cleans.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace deidentification {

/// Options of PS3.15 annex E, as bits of `Options::profile`. The order is that of the columns in
/// Tables/attributes.def.
enum Option : std::uint16_t {
    retainUIDs = 1 << 0,
    retainDeviceIdentity = 1 << 1,
    retainInstitution = 1 << 2,
    retainPatientCharacteristics = 1 << 3,
    retainFullDates = 1 << 4,
    /// Dates move by one number of days a patient, times of day stay.
    retainModifiedDates = 1 << 5,
    cleanDescriptors = 1 << 6,
    cleanStructuredContent = 1 << 7,
    cleanGraphics = 1 << 8,
    /// Text that is found is painted over, and what lies outside of an ultrasound's regions.
    /// Without it an object whose pixels may hold text is held back.
    cleanPixelData = 1 << 9,
    /// Known by name so that it can be refused: nothing here finds faces.
    cleanRecognizableVisualFeatures = 1 << 10,
};

struct Options {
    std::uint16_t profile = 0;
    /// Somebody has looked at the picture: text in it holds nothing back.
    bool reviewed = false;

    bool has(Option option) const { return (profile & option) != 0; }
};

/// The secret of a project: the same key makes the same UIDs, pseudonyms and shifts of dates.
/// At least 16 bytes.
using Key = std::vector<std::uint8_t>;

}  // namespace deidentification
