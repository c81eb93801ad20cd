#include "colour.h"

#include "table.h"

#include <cmath>

#include <dcmtk/dcmdata/dcdeftag.h>

namespace worker {

namespace {

uint8_t rounded(double value) {
    return static_cast<uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

/// The inverse of YBR_FULL, or of YBR_PARTIAL, which leaves room at both ends.
void make_rgb(uint8_t *pixel, bool is_partial) {
    double luma = pixel[0], blue = pixel[1] - 128.0, red = pixel[2] - 128.0;
    if (is_partial) {
        luma = (luma - 16) * 255 / 219;
        blue *= 255.0 / 224;
        red *= 255.0 / 224;
    }
    pixel[0] = rounded(luma + 1.402 * red);
    pixel[1] = rounded(luma - 0.114 * 1.772 / 0.587 * blue - 0.299 * 1.402 / 0.587 * red);
    pixel[2] = rounded(luma + 1.772 * blue);
}

}  // namespace

std::vector<uint8_t> colours(const Picture &image, const Frame &frame) {
    const auto &values = frame.values;
    std::vector<uint8_t> pixels(values.size());
    const double steps = std::ldexp(1.0, static_cast<int>(image.stored));
    for (size_t place = 0; place < pixels.size(); ++place) {
        // Colours have no sign; some files say that they do.
        const double value = values[place] < 0 ? values[place] + steps : values[place];
        pixels[place] = image.stored < 8 ? rounded(value * 255 / (steps - 1))
                                         : static_cast<uint8_t>(std::min(value * 256 / steps, 255.0));
    }
    if (!frame.is_ybr) return pixels;
    const bool is_partial = image.photometric == "YBR_PARTIAL_422";
    for (size_t place = 0; place + 2 < pixels.size(); place += 3) make_rgb(&pixels[place], is_partial);
    return pixels;
}

std::vector<uint8_t> palette_colours(const DataSet &data, const Picture &image, const Frame &frame) {
    struct Tags {
        DcmTagKey descriptor, data, segmented;
    };
    const Tags tags[] = {
        {DCM_RedPaletteColorLookupTableDescriptor, DCM_RedPaletteColorLookupTableData,
         DCM_SegmentedRedPaletteColorLookupTableData},
        {DCM_GreenPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableData,
         DCM_SegmentedGreenPaletteColorLookupTableData},
        {DCM_BluePaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableData,
         DCM_SegmentedBluePaletteColorLookupTableData},
    };
    std::vector<Table> tables;
    uint16_t greatest = 0;
    for (const auto &[descriptor, entries, segmented] : tags) {
        tables.push_back(table(data.root(), descriptor, entries, segmented, image.is_signed, "a palette"));
        for (const uint16_t entry : tables.back().entries) greatest = std::max(greatest, entry);
    }
    // What the entries hold decides: many say 16 bits and fill 8, or the other way round.
    const int shift = greatest > 255 ? 8 : 0;
    std::vector<uint8_t> pixels(frame.values.size() * 3);
    for (size_t place = 0; place < frame.values.size(); ++place)
        for (size_t channel = 0; channel < 3; ++channel)
            pixels[3 * place + channel] =
                static_cast<uint8_t>(tables[channel][frame.values[place]] >> shift);
    return pixels;
}

}  // namespace worker
