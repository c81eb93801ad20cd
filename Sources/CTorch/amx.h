// Products in the processor's own tiles (AMX), on Linux and x86-64.
#pragma once
#include "loops.h"

namespace preceptor {

#if defined(__x86_64__) && defined(__linux__)
/// Whether the processor has tiles of bf16, and the system lets this process use them.
bool has_amx();

/// The loops of avx512_bf16 with products in tiles.
Tiles<c10::BFloat16, c10::BFloat16> amx_tiles();
#endif

}  // namespace preceptor
