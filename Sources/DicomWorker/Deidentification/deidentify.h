// deidentify: a DICOM object without what identifies somebody (PS3.15 annex E).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "options.h"
#include "replacements.h"
#include "report.h"

namespace deidentification {

enum class Outcome {
    written,
    /// The object is what it should be, but its pixels may hold text, or hold bytes that cannot be
    /// checked.
    heldBack,
    /// It cannot be de-identified: unreadable, of a kind that this does not know, or an option that
    /// is not there.
    refused,
};

struct Result {
    Outcome outcome = Outcome::refused;
    /// Why there is no copy; no text of the object is in it.
    std::string reason;
    /// The copy as a file; empty unless `written`.
    std::vector<std::uint8_t> file;
    Report report;
    /// Of a copy that is `written`.
    Replacements replacements;
};

/// Reads nothing but the bytes and writes nothing. PNG, JPEG and WebP lose what is not the picture.
///
/// The same key gives the same UIDs, pseudonyms and shifts of dates, so that files of one project
/// refer to each other as before. What cannot be parsed is removed or refused, never copied.
/// - Throws: std::bad_alloc only. `prepare` must have been called.
Result deidentify(std::span<const std::uint8_t> file, const Options &options, const Key &key);

/// Dictionary and decoders. Once a process.
void prepare();

}  // namespace deidentification
