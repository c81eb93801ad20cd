// Why a file could not be read. No text of the file is ever part of it.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace worker {

/// What the program that asked makes its own errors of; the numbers are part of the protocol.
enum class Code : uint32_t {
    done = 0,
    truncated = 1,    // the bytes end before the image does
    corrupt = 2,      // the bytes contradict their format or themselves
    unsupported = 3,  // well formed, but of a kind that is not read
    too_large = 4,
    no_frame = 5,  // the text is the number of frames
    memory = 6,
    request = 7,  // the request itself makes no sense
};

struct Problem {
    Code code;
    std::string text;
};

[[noreturn]] inline void fail(Code code, std::string text) { throw Problem{code, std::move(text)}; }

}  // namespace worker
