#include "transformation.h"

#include <cctype>
#include <cmath>

#include <dcmtk/dcmdata/dcdeftag.h>

namespace worker {

namespace {

struct Place {
    DcmItem *item;
    const char *name;
};

/// Where a frame's attributes may stand: its own functional group, the shared one, the data set.
std::vector<Place> places(const DataSet &data, int64_t frame, const DcmTagKey &sequence) {
    std::vector<Place> result;
    const auto own = items(data.root(), DCM_PerFrameFunctionalGroupsSequence);
    const auto shared = items(data.root(), DCM_SharedFunctionalGroupsSequence);
    const auto index = static_cast<size_t>(frame);
    if (index < own.size())
        for (DcmItem *item : items(*own[index], sequence))
            result.push_back({item, "the frame's functional group"});
    if (!shared.empty())
        for (DcmItem *item : items(*shared.front(), sequence))
            result.push_back({item, "the shared functional group"});
    result.push_back({&data.root(), "the data set"});
    return result;
}

std::optional<double> first(const std::vector<std::optional<double>> &all) {
    for (const auto &value : all)
        if (value) return value;
    return std::nullopt;
}

const char *name(VOI::Kind kind) {
    switch (kind) {
    case VOI::Kind::linear: return "LINEAR";
    case VOI::Kind::linear_exact: return "LINEAR_EXACT";
    case VOI::Kind::sigmoid: return "SIGMOID";
    case VOI::Kind::table: return "table";
    case VOI::Kind::range: break;
    }
    return "range";
}

VOI::Kind function(DcmItem &item, std::vector<std::string> &ignored) {
    auto value = text(item, DCM_VOILUTFunction).value_or("LINEAR");
    const std::string written = value;
    for (char &letter : value) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    if (value != written) ignored.push_back("VOI LUT Function is not in capital letters");
    for (const auto kind : {VOI::Kind::linear, VOI::Kind::linear_exact, VOI::Kind::sigmoid})
        if (value == name(kind)) return kind;
    fail(Code::unsupported, "a VOI LUT Function other than LINEAR, LINEAR_EXACT and SIGMOID");
}

/// A linear window narrower than 1 cannot be by PS3.3 C.11.2.1.2.1, and is written where a slope
/// is small: it is read as an exact one.
VOI window(double center, double width, VOI::Kind kind, std::string source,
           std::vector<std::string> &ignored) {
    if (!std::isfinite(center) || !std::isfinite(width) || width <= 0)
        fail(Code::corrupt, "a window " + std::to_string(width) + " wide");
    if (kind == VOI::Kind::linear && width < 1) {
        ignored.push_back("a linear window narrower than 1 is read as an exact one");
        kind = VOI::Kind::linear_exact;
    }
    VOI result;
    result.kind = kind;
    result.center = center;
    result.width = width;
    result.source = std::move(source);
    return result;
}

/// The first pair of which both values are there.
std::optional<VOI> stored_window(const Place &place, std::vector<std::string> &ignored) {
    const auto centers = decimals(*place.item, DCM_WindowCenter, "Window Center");
    const auto widths = decimals(*place.item, DCM_WindowWidth, "Window Width");
    const size_t count = std::min(centers.size(), widths.size());
    for (size_t index = 0; index < count; ++index) {
        if (!centers[index] || !widths[index]) continue;
        if (count > index + 1)
            ignored.push_back(std::to_string(count - index - 1) + " further windows");
        return window(*centers[index], *widths[index], function(*place.item, ignored), place.name,
                      ignored);
    }
    if (!centers.empty() || !widths.empty()) ignored.push_back("a window without center or width");
    return std::nullopt;
}

/// Padding (PS3.3 C.7.5.1.1.2) is no part of what an automatic window shows.
class Padding {
  public:
    Padding(const DataSet &data, const Picture &image) {
        const auto value = integer(data.root(), DCM_PixelPaddingValue);
        if (!value || image.storage != Storage::integers) return;
        const auto limit = integer(data.root(), DCM_PixelPaddingRangeLimit).value_or(*value);
        const double ends[] = {meaning(*value, image), meaning(limit, image)};
        low_ = std::min(ends[0], ends[1]);
        high_ = std::max(ends[0], ends[1]);
    }
    bool holds(double stored) const { return stored >= low_ && stored <= high_; }

  private:
    /// As a stored value of this image.
    static double meaning(int64_t value, const Picture &image) {
        const int64_t mask = (int64_t{1} << image.stored) - 1;
        value &= mask;
        const bool is_negative = image.is_signed && value >> (image.stored - 1) == 1;
        return static_cast<double>(is_negative ? value - mask - 1 : value);
    }

    double low_ = 1, high_ = 0;
};

VOI range(double first, double second, const char *source) {
    VOI result;
    result.low = std::min(first, second);
    result.high = std::max(first, second);
    result.source = source;
    return result;
}

VOI automatic(const DataSet &data, const Picture &image, const Modality &modality,
              const Values &values) {
    if (image.stored == 1) return range(modality(0), modality(1), "both values of one bit");
    const Padding padding(data, image);
    double low = INFINITY, high = -INFINITY;
    for (const bool with_padding : {false, true}) {
        for (size_t place = 0; place < values.size(); ++place) {
            const double stored = values[place];
            if (!std::isfinite(stored) || (!with_padding && padding.holds(stored))) continue;
            const double value = modality(stored);
            low = std::min(low, value);
            high = std::max(high, value);
        }
        if (low <= high) break;
    }
    if (!(low <= high)) low = high = 0;
    return range(low, high, "from the least to the greatest value of the frame");
}

VOI full(const Picture &image, const Modality &modality, const Values &values, const DataSet &data) {
    const char *source = "all values that the stored bits can hold";
    if (modality.table)
        return range(0, static_cast<double>((1 << modality.table->bits) - 1), source);
    if (image.storage != Storage::integers) return automatic(data, image, modality, values);
    const double steps = std::ldexp(1.0, static_cast<int>(image.stored));
    const double low = image.is_signed ? -steps / 2 : 0;
    return range(modality(low), modality(low + steps - 1), source);
}

uint8_t rounded(double value) {
    // Not a number is black.
    return value > 0 ? static_cast<uint8_t>(std::nearbyint(std::min(value, 255.0))) : 0;
}

}  // namespace

Modality modality(const DataSet &data, const Picture &image, int64_t frame) {
    Modality result;
    for (DcmItem *item : items(data.root(), DCM_ModalityLUTSequence)) {
        result.table = table(*item, DCM_LUTDescriptor, DCM_LUTData, DCM_UndefinedTagKey,
                             image.is_signed, "the Modality LUT");
        result.source = "the data set";
        return result;
    }
    for (const Place &place : places(data, frame, DCM_PixelValueTransformationSequence)) {
        const auto slope = first(decimals(*place.item, DCM_RescaleSlope, "Rescale Slope"));
        const auto intercept = first(decimals(*place.item, DCM_RescaleIntercept, "Rescale Intercept"));
        if (!slope && !intercept) continue;
        if (slope == 0.0) fail(Code::corrupt, "a Rescale Slope of 0");
        result.slope = slope.value_or(1);
        result.intercept = intercept.value_or(0);
        result.source = place.name;
        break;
    }
    return result;
}

std::optional<VOI> stored_voi(const DataSet &data, const Picture &image, int64_t frame,
                              const Modality &modality, std::vector<std::string> &ignored) {
    for (const Place &place : places(data, frame, DCM_FrameVOILUTSequence)) {
        for (DcmItem *item : items(*place.item, DCM_VOILUTSequence)) {
            // Signed where what it is asked for may be (C.11.2.1.1).
            const double least = image.is_signed ? -std::ldexp(1.0, static_cast<int>(image.stored) - 1) : 0;
            const bool is_signed = !modality.table && modality(least) < 0;
            VOI result;
            result.kind = VOI::Kind::table;
            result.table = table(*item, DCM_LUTDescriptor, DCM_LUTData, DCM_UndefinedTagKey,
                                 is_signed, "the VOI LUT");
            result.source = place.name;
            if (element(*place.item, DCM_WindowCenter) != nullptr)
                ignored.push_back("a window beside the VOI LUT");
            return result;
        }
        if (const auto found = stored_window(place, ignored)) return found;
    }
    return std::nullopt;
}

VOI voi(const DataSet &data, const Picture &image, int64_t frame, const Wish &wish,
        const Modality &modality, const Values &values, std::vector<std::string> &ignored) {
    if (wish.center && wish.width)
        return window(*wish.center, *wish.width, VOI::Kind::linear, "the caller", ignored);
    if (wish.is_full) return full(image, modality, values, data);
    if (auto found = stored_voi(data, image, frame, modality, ignored)) return *found;
    return automatic(data, image, modality, values);
}

uint8_t VOI::grey(double value) const {
    switch (kind) {
    case Kind::linear:
        if (value <= center - 0.5 - (width - 1) / 2) return 0;
        if (value > center - 0.5 + (width - 1) / 2) return 255;
        return rounded(((value - (center - 0.5)) / (width - 1) + 0.5) * 255);
    case Kind::linear_exact:
        if (value <= center - width / 2) return 0;
        if (value > center + width / 2) return 255;
        return rounded(((value - center) / width + 0.5) * 255);
    case Kind::sigmoid: return rounded(255 / (1 + std::exp(-4 * (value - center) / width)));
    case Kind::table: return rounded((*table)[value] * 255.0 / ((1 << table->bits) - 1));
    case Kind::range: break;
    }
    if (value <= low) return 0;
    if (value > high) return 255;
    const double extent = high - low;
    return rounded(((value - (low + extent / 2)) / extent + 0.5) * 255);
}

JSON Modality::facts() const {
    JSON result;
    if (table) {
        result.add("kind", "table").add("entries", static_cast<int64_t>(table->entries.size()));
    } else if (!source.empty()) {
        result.add("kind", "rescale").add("slope", slope).add("intercept", intercept);
    } else {
        return result.add("kind", "none");
    }
    return result.add("source", source);
}

JSON VOI::facts() const {
    JSON result;
    result.add("kind", name(kind));
    if (kind == Kind::table) result.add("entries", static_cast<int64_t>(table->entries.size()));
    else if (kind == Kind::range) result.add("low", low).add("high", high);
    else result.add("center", center).add("width", width);
    return result.add("source", source);
}

}  // namespace worker
