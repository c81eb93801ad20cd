// The request that a file be copied without what identifies somebody.
#pragma once

#include "channel.h"

namespace worker {

/// The copy, and a report as JSON. Settings: `key`, hexadecimal; `options`, names between commas;
/// `replacements 1` adds what took the place of UIDs and patients' ids.
///
/// A file that gets no copy is no problem of the request: `outcome` and `reason` say why.
/// - Throws: `Code::request` for settings that make no sense; `Code::truncated`, `Code::memory`.
Reply deidentify(const Request &request);

}  // namespace worker
