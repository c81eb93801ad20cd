#include "render.h"

#include "colour.h"
#include "hints.h"
#include "transformation.h"

#include <dcmtk/dcmdata/dcdeftag.h>

namespace worker {

namespace {

/// A file, and what it says of its pixels.
struct Subject {
    Mapping file;
    DataSet data;
    std::vector<std::string> ignored;
    Picture image;
    int64_t frame;

    explicit Subject(const Request &request)
        : file(only(request).number()), data(file), ignored(data.remarks()),
          image(picture(data,
                        {request.integer("pixels", 64000000), request.integer("bytes", 512 << 20)},
                        ignored)),
          frame(request.integer("frame", 0)) {
        if (frame < 0 || frame >= image.frames) fail(Code::no_frame, std::to_string(image.frames));
    }

    static const Descriptor &only(const Request &request) {
        if (request.files.size() != 1) fail(Code::request, "one file is expected");
        return request.files.front();
    }

    JSON facts() {
        JSON result;
        result.add("transferSyntax", data.syntax().name)
            .add("photometric", image.photometric)
            .add("width", image.width)
            .add("height", image.height)
            .add("samples", image.samples)
            .add("bitsAllocated", image.allocated)
            .add("bitsStored", image.stored)
            .add("isSigned", image.is_signed)
            .add("frames", image.frames)
            .add("frame", frame)
            .add("overlays", overlays(data));
        if (const auto kind = code(data.root(), DCM_Modality)) result.add("modality", *kind);
        if (const auto why = burned_in_text(data)) result.add("burnedInText", *why);
        return result;
    }
};

std::vector<uint8_t> greys(const Picture &image, const Values &values, const Modality &modality,
                           const VOI &shown) {
    const uint8_t inverse = image.photometric == "MONOCHROME1" ? 255 : 0;
    // Integers of up to 16 bits repeat: what became of one is remembered.
    constexpr int least = -32768, greatest = 65535;
    const bool is_small = image.storage == Storage::integers && image.stored <= 16;
    std::vector<int16_t> known(is_small ? greatest - least + 1 : 0, -1);
    std::vector<uint8_t> pixels(values.size());
    for (size_t place = 0; place < pixels.size(); ++place) {
        const double stored = values[place];
        if (!is_small) {
            pixels[place] = shown.grey(modality(stored)) ^ inverse;
            continue;
        }
        int16_t &grey = known[static_cast<size_t>(static_cast<int>(stored) - least)];
        if (grey < 0) grey = shown.grey(modality(stored)) ^ inverse;
        pixels[place] = static_cast<uint8_t>(grey);
    }
    return pixels;
}

Reply finished(Subject &subject, JSON facts, std::vector<uint8_t> pixels) {
    add_ignored(subject.data, subject.image, subject.ignored);
    facts.add("ignored", subject.ignored);
    return {facts.text(), std::move(pixels)};
}

Wish wish(const Request &request, const Picture &image) {
    const Wish result{request.number("center"), request.number("width"),
                      request.integer("full", 0) != 0};
    if (!image.is_grey() && result.center) fail(Code::unsupported, "a window of a coloured image");
    return result;
}

}  // namespace

Reply render(const Request &request) {
    Subject subject(request);
    const Picture &image = subject.image;
    const Wish wished = wish(request, image);
    const Frame decoded = frame(subject.data, image, subject.frame, subject.ignored);
    JSON facts = subject.facts();
    if (image.is_palette())
        return finished(subject, facts, palette_colours(subject.data, image, decoded));
    if (!image.is_grey()) return finished(subject, facts, colours(image, decoded));
    const Modality meaning = modality(subject.data, image, subject.frame);
    const VOI shown = voi(subject.data, image, subject.frame, wished, meaning, decoded.values,
                          subject.ignored);
    facts.add("modalityTransformation", meaning.facts()).add("voi", shown.facts());
    return finished(subject, facts, greys(image, decoded.values, meaning, shown));
}

Reply describe(const Request &request) {
    Subject subject(request);
    JSON facts = subject.facts();
    if (subject.image.is_grey()) {
        const Modality meaning = modality(subject.data, subject.image, subject.frame);
        facts.add("modalityTransformation", meaning.facts());
        if (const auto stored = stored_voi(subject.data, subject.image, subject.frame, meaning,
                                           subject.ignored))
            facts.add("voi", stored->facts());
    }
    return finished(subject, facts, {});
}

}  // namespace worker
