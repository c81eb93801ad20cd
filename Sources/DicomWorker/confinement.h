// What this process may do: compute, and talk over the socket that it was started with.
#pragma once

#include <cstdint>

namespace worker {

/// Limits of memory, and no descriptors but the socket and the standard ones.
void limit_resources(int socket, uint64_t memory);

/// From here on no file is opened, no socket made, no process started. False where the system
/// has no such filter.
bool confine();

/// Seconds of the processor's time that the next request may take from now on; then SIGXCPU ends
/// the process.
void grant(int64_t seconds);

}  // namespace worker
