// What else a file says about the picture: text in its pixels, and what is not drawn.
#pragma once

#include "picture.h"

#include <optional>

namespace worker {

/// Why there may be text in the pixels; none where nothing speaks for it.
std::optional<std::string> burned_in_text(const DataSet &data);

/// Overlay planes (PS3.3 C.9.2), drawn by nobody here.
int64_t overlays(const DataSet &data);

/// Adds what the file asks for and is not done.
void add_ignored(const DataSet &data, const Picture &image, std::vector<std::string> &ignored);

}  // namespace worker
