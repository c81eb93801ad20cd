// Memory of tiles.
#pragma once
#include <cstdint>
#include <vector>

namespace preceptor {

/// Memory of one thread, grown and never shrunk while the thread lives.
template <typename T>
T *scratch(std::vector<char> &memory, int64_t count) {
    const size_t bytes = static_cast<size_t>(count) * sizeof(T) + 64;
    if (memory.size() < bytes) memory.resize(bytes);
    return reinterpret_cast<T *>((reinterpret_cast<uintptr_t>(memory.data()) + 63) & ~uintptr_t{63});
}
#define SCRATCH(type, name, count)                \
    thread_local std::vector<char> name##_memory; \
    type *name = scratch<type>(name##_memory, count)

}  // namespace preceptor
