// burned_in: text within the pixels, as far as attributes speak of it.
#pragma once

#include <string>
#include <vector>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

namespace deidentification {

enum class Declared { yes, no, nothing };

/// Burned In Annotation (0028,0301).
Declared declaredText(DcmItem &dataset);

/// Why the kind of object is one into which machines write: its SOP class, image type, modality
/// or a conversion of film or screen; empty where nothing speaks for text.
std::vector<std::string> reasonsForText(DcmItem &dataset);

struct Box {
    long left = 0, top = 0, right = 0, bottom = 0;  // the right and bottom are outside
};

/// The regions of an ultrasound image (0018,6011) that hold tissue or traces; what is outside of
/// them is where machines write.
std::vector<Box> ultrasoundRegions(DcmItem &dataset);

}  // namespace deidentification
