#include "processor.h"

#include "amx.h"

#include <cstdlib>
#include <cstring>

namespace preceptor {

const char *path_name(Path path) {
    switch (path) {
    case Path::amx: return "amx";
    case Path::avx512_bf16: return "avx512_bf16";
    case Path::avx512: return "avx512";
    case Path::avx2: return "avx2";
    case Path::portable: return "portable";
    }
    return "portable";
}

bool has(Path path) {
#if defined(__x86_64__)
    const bool wide = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    switch (path) {
#if defined(__linux__)
    case Path::amx: return has(Path::avx512_bf16) && has_amx();
#else
    case Path::amx: return false;
#endif
    case Path::avx512_bf16: return wide && __builtin_cpu_supports("avx512bf16");
    case Path::avx512: return wide;
    case Path::avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case Path::portable: return true;
    }
#endif
    return path == Path::portable;
}

namespace {

/// What the user asks for, or null.
const char *wanted() {
    const char *value = std::getenv("PRECEPTOR_CPU");
    return value && *value ? value : nullptr;
}

/// The path that a name stands for, or null.
const Path *named(const char *name) {
    for (const auto &path : kPaths)
        if (std::strcmp(name, path_name(path)) == 0) return &path;
    return nullptr;
}

/// Runs before main, and so before a library has looked: a lesser processor is one for them, too.
__attribute__((constructor)) void limit_libraries() {
    const auto *path = wanted() ? named(wanted()) : nullptr;
    if (!path) return;
    struct Limits {
        const char *aten, *onednn, *mkl;
    };
    const Limits limits = *path == Path::portable ? Limits{"default", "SSE41", "SSE4_2"}
        : *path == Path::avx2                     ? Limits{"avx2", "AVX2", "AVX2"}
        : *path == Path::avx512                   ? Limits{"avx512", "AVX512_CORE", "AVX512"}
        : *path == Path::avx512_bf16              ? Limits{"avx512", "AVX512_CORE_BF16", "AVX512"}
                                                  : Limits{"avx512", "AVX512_CORE_AMX", "AVX512"};
    setenv("ATEN_CPU_CAPABILITY", limits.aten, 1);
    setenv("ONEDNN_MAX_CPU_ISA", limits.onednn, 1);
    setenv("MKL_ENABLE_INSTRUCTIONS", limits.mkl, 1);
}

Path chosen() {
    const auto *limit = wanted() ? named(wanted()) : nullptr;
    for (auto path : {Path::amx, Path::avx512_bf16, Path::avx512, Path::avx2})
        if (has(path) && (!limit || path <= *limit) && agrees(path)) return path;
    return Path::portable;
}

}  // namespace

std::string processor_fault() {
    if (!wanted()) return "";
    std::string names;
    for (auto path : kPaths)
        if (has(path)) names += std::string(names.empty() ? "" : ", ") + path_name(path);
    const auto *path = named(wanted());
    if (path && has(*path)) return "";
    return std::string("PRECEPTOR_CPU=") + wanted() + (path ? " is more than this processor has" : " is not known") + "; here: " + names;
}

Path path() {
    static const Path path = chosen();
    return path;
}

}  // namespace preceptor
