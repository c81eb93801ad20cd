// Start-up settings, devices and random generators.
#include "processor.h"
#include "support.h"

#include <ATen/Context.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <torch/version.h>
#if defined(__linux__)
#include <malloc.h>
#endif

using namespace preceptor;

const char *ct_processor_path(void) { return path_name(path()); }
bool ct_multiplies_bf16(void) { return multiplies_bf16(); }

const char *ct_processor_fault(void) {
    thread_local std::string fault;
    fault = processor_fault();
    return fault.c_str();
}

const char *ct_libtorch_capability(void) {
    static const std::string name = at::get_cpu_capability();
    return name.c_str();
}

void ct_tune_memory(void) {
#if defined(__GLIBC__)
    // Blocks of any size come from the heap and stay there (engine notes: 4 to 8 times the speed).
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2047 << 20);
    mallopt(M_TOP_PAD, 64 << 20);
    mallopt(M_ARENA_MAX, 2);
#endif
}

void ct_trim_memory(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

void ct_set_threads(int count) {
    at::set_num_threads(count);
}

int ct_threads(void) { return at::get_num_threads(); }
const char *ct_version(void) { return TORCH_VERSION; }

bool ct_load_cuda(void) {
    static const bool usable = [] {
        if (!dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL)) return false;
        return guarded(false, [] { return at::hasCUDA() && at::globalContext().hasCUDA(); });
    }();
    return usable;
}

int ct_cuda_device_count(void) {
    return guarded(0, [] {
        return ct_load_cuda() ? static_cast<int>(at::detail::getCUDAHooks().deviceCount()) : 0;
    });
}

bool ct_mps_available(void) {
    return guarded(false, [] { return at::hasMPS(); });
}

CTGenerator ct_generator_create(int8_t device_type, int8_t device_index, uint64_t seed) {
    return guarded<CTGenerator>(nullptr, [&] {
        const auto type = static_cast<at::DeviceType>(device_type);
        auto generator = type == at::kCPU
            ? at::detail::createCPUGenerator(seed)
            : at::globalContext().getAcceleratorHooksInterface(type).getNewGenerator(device_index);
        generator.set_current_seed(seed);
        return reinterpret_cast<CTGenerator>(new at::Generator(generator));
    });
}

void ct_generator_release(CTGenerator generator) { delete reinterpret_cast<at::Generator *>(generator); }

CTTensor ct_generator_state(CTGenerator generator) {
    return guarded<CTTensor>(nullptr, [&] {
        return own(reinterpret_cast<at::Generator *>(generator)->get_state());
    });
}

int ct_generator_set_state(CTGenerator generator, CTTensor state) {
    return guarded(1, [&] {
        reinterpret_cast<at::Generator *>(generator)->set_state(borrow(state));
        return 0;
    });
}
