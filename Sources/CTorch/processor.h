// What this processor multiplies with: decided once, before the first product.
#pragma once
#include <string>

namespace preceptor {

/// Instruction sets that the loops are compiled for, from the least to the best.
enum class Path { portable, avx2, avx512, avx512_bf16, amx };
constexpr Path kPaths[] = {Path::portable, Path::avx2, Path::avx512, Path::avx512_bf16, Path::amx};

const char *path_name(Path path);

/// Whether the loops of a path can run here.
bool has(Path path);

/// The path that every product of this process takes: the best that the processor has and that gives a row the
/// same bits alone and among others (see `agrees`); no better than what `PRECEPTOR_CPU` names.
Path path();

/// Whether bf16 is multiplied as it is; elsewhere it is widened to f32 while it is packed.
inline bool multiplies_bf16() { return path() >= Path::avx512_bf16; }

/// What is wrong with `PRECEPTOR_CPU`; empty when nothing is.
std::string processor_fault();

/// Whether the thin and the tiled products of a path give the same bits, and the right values, over many numbers
/// of summands, rows and outputs.
bool agrees(Path path);

}  // namespace preceptor
