#include "confinement.h"

#include <cerrno>
#include <cstddef>
#include <cstdlib>

#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

namespace worker {

void limit_resources(int socket, uint64_t memory) {
    const rlimit bytes{memory, memory};
    setrlimit(RLIMIT_AS, &bytes);
    // A crash leaves no copy of a patient's data.
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    const long most = sysconf(_SC_OPEN_MAX);
    for (int number = 3; number < (most > 0 && most < 4096 ? most : 4096); ++number)
        if (number != socket) close(number);
}

void grant(int64_t seconds) {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const int64_t spent = used.ru_utime.tv_sec + used.ru_stime.tv_sec;
    rlimit limit{};
    getrlimit(RLIMIT_CPU, &limit);
    limit.rlim_cur = static_cast<rlim_t>(spent + seconds + 1);
    setrlimit(RLIMIT_CPU, &limit);
}

#ifdef __linux__

namespace {

#if defined(__x86_64__)
constexpr uint32_t machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t machine = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t machine = 0;
#endif

/// What computing, memory, the socket and handed-over files take.
constexpr int allowed[] = {
    SYS_read,          SYS_write,       SYS_recvmsg,       SYS_sendto,       SYS_sendmsg,
    SYS_close,         SYS_fstat,       SYS_lseek,         SYS_pread64,      SYS_mmap,
    SYS_munmap,        SYS_mremap,      SYS_mprotect,      SYS_madvise,      SYS_brk,
    SYS_futex,         SYS_getrusage,   SYS_getrlimit,     SYS_setrlimit,    SYS_prlimit64,
    SYS_clock_gettime, SYS_getrandom,   SYS_getpid,        SYS_gettid,       SYS_tgkill,
    SYS_rt_sigaction,  SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_exit,       SYS_exit_group,
    SYS_sched_yield,   SYS_restart_syscall,
};
constexpr size_t count = sizeof allowed / sizeof *allowed;

}  // namespace

bool confine() {
    if (machine == 0) return false;
    // Other calls fail as if forbidden; libraries that try them go on without.
    sock_filter program[count + 6];
    size_t next = 0;
    auto add = [&](sock_filter step) { program[next++] = step; };
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, machine, 1, 0));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
    for (size_t index = 0; index < count; ++index)
        add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(allowed[index]),
                     static_cast<uint8_t>(count - index), 0));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA)));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const sock_fprog filter{static_cast<unsigned short>(next), program};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

#else

bool confine() { return false; }

#endif

}  // namespace worker
