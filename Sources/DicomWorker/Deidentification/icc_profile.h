// icc_profile: colour profiles (ICC.1) with numbers only.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace deidentification {

/// The profile with those of its tags that convert colours; descriptions, device names, dates and
/// makers are gone, and a fixed description and copyright stand where ICC.1 wants one.
/// Empty where it cannot be read.
std::vector<std::uint8_t> cleanedProfile(std::span<const std::uint8_t> profile);

}  // namespace deidentification
