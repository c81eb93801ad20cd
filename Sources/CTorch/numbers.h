// bf16 and exp in forms a compiler turns into vector instructions.
#pragma once
#include <c10/util/BFloat16.h>

#include <cstdint>
#include <cstring>

namespace preceptor {

inline __attribute__((always_inline)) float to_float(float value) { return value; }

inline __attribute__((always_inline)) float to_float(c10::BFloat16 value) {
    const uint32_t bits = static_cast<uint32_t>(value.x) << 16;
    float result;
    std::memcpy(&result, &bits, 4);
    return result;
}

inline __attribute__((always_inline)) void store(float *place, float value) { *place = value; }

/// Rounds to nearest, ties to even; NaN does not occur in the kernels' inputs unless it was there before.
inline __attribute__((always_inline)) void store(c10::BFloat16 *place, float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, 4);
    const uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
    place->x = static_cast<uint16_t>((bits & 0x7FFFFFFFu) > 0x7F800000u ? 0x7FC0u : rounded);
}

/// exp(x) within 2 units in the last place (Cephes' polynomial), 0 below -87.
inline __attribute__((always_inline)) float exp_fast(float x) {
    const float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
    const float n = __builtin_floorf(clamped * 1.44269504088896341f + 0.5f);
    const float r = clamped - n * 0.693359375f + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const uint32_t bits = static_cast<uint32_t>(static_cast<int32_t>(n) + 127) << 23;
    float power;
    std::memcpy(&power, &bits, 4);
    return x < -87.0f ? 0.0f : p * power;
}

}  // namespace preceptor
