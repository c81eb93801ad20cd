// child-supervisor: runs one program for the program that starts it, and sees to its end.
//
//     child-supervisor PARENT NICENESS GRACE REPORT PROGRAM [ARGUMENT ...]
//
// PARENT    who starts it, by number: when that process is gone, however it ended, so is PROGRAM
// NICENESS  added to the priority of both
// GRACE     milliseconds from SIGTERM to SIGKILL
// REPORT    a file to be made, with the most memory that PROGRAM had resident, in bytes
// PROGRAM   a path, or a name that is sought on the PATH
//
// SIGINT, SIGTERM and SIGHUP are passed on. SIGUSR1 ends PROGRAM, by SIGTERM and after GRACE by SIGKILL; SIGUSR2 kills
// it at once. What PROGRAM has started in its process group ends with it. The supervisor ends as PROGRAM does, with its
// status or by its signal; with 127 where there is no such program and 126 where it cannot be run, as env does.
#ifdef __linux__
#define _GNU_SOURCE
#include <sys/prctl.h>
#endif
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const int passed_on[] = {SIGINT, SIGTERM, SIGHUP};
static const int heard[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static volatile sig_atomic_t has_come[NSIG];

static void note(int number) { has_come[number] = 1; }

static int take(int number) {
    const int was = has_come[number];
    has_come[number] = 0;
    return was;
}

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// From now on signals come only while they are waited for.
static void hold_signals(void) {
    struct sigaction action = {.sa_handler = note};
    sigset_t held;
    sigemptyset(&held);
    sigemptyset(&action.sa_mask);
    for (size_t index = 0; index < COUNT(heard); ++index) {
        sigaddset(&held, heard[index]);
        sigaction(heard[index], &action, NULL);
    }
    sigprocmask(SIG_BLOCK, &held, NULL);
}

/// Until a signal comes or, where there is one, the deadline.
static void wait_for_signal(int64_t deadline) {
    int64_t left = deadline < 0 ? -1 : deadline - milliseconds();
    if (deadline >= 0 && left < 0) left = 0;
#ifndef __linux__
    // Nothing tells that the parent is gone: it is looked for.
    if (left < 0 || left > 200) left = 200;
#endif
    const struct timespec limit = {left / 1000, left % 1000 * 1000000};
    sigset_t none;
    sigemptyset(&none);
    pselect(0, NULL, NULL, NULL, left < 0 ? NULL : &limit, &none);
}

/// Has the system send a signal when the parent is gone; false where it is gone already.
static int end_with(pid_t parent, int number) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, number);
#else
    (void)number;
#endif
    return getppid() == parent;
}

/// Starts the program in a process group of its own.
static pid_t start(char **words) {
    const pid_t own = getpid();
    const pid_t child = fork();
    if (child != 0) {
        // Both sides, so that neither goes on before it is so.
        if (child > 0) setpgid(child, child);
        return child;
    }
    setpgid(0, 0);
    if (!end_with(own, SIGKILL)) _exit(1);
    sigset_t none;
    sigemptyset(&none);
    for (size_t index = 0; index < COUNT(heard); ++index) signal(heard[index], SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(words[0], words);
    const int error = errno;
    dprintf(STDERR_FILENO, "%s: %s\n", words[0], strerror(error));
    _exit(error == ENOENT ? 127 : 126);
}

/// Its streams are the program's alone: who reads them sees when the program closes them.
static void close_streams(void) {
    const int null = open("/dev/null", O_RDWR);
    for (int stream = 0; stream < 3; ++stream) dup2(null, stream);
    if (null > 2) close(null);
}

/// Returns when the program has ended; it is not collected yet, so that its number is its own.
static void attend(pid_t child, pid_t parent, int64_t grace) {
    int64_t deadline = -1;
    for (;;) {
        siginfo_t ended = {0};
        if (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == child) return;
        for (size_t index = 0; index < COUNT(passed_on); ++index)
            if (take(passed_on[index])) kill(-child, passed_on[index]);
        if ((take(SIGUSR1) || getppid() != parent) && deadline < 0) {
            kill(-child, SIGTERM);
            deadline = milliseconds() + grace;
        }
        if (take(SIGUSR2) || (deadline >= 0 && milliseconds() >= deadline)) {
            kill(-child, SIGKILL);
            deadline = milliseconds() + 1000;
        }
        wait_for_signal(deadline);
    }
}

static void report(const char *path, const struct rusage *usage) {
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return;
#ifdef __linux__
    const int64_t unit = 1024;
#else
    const int64_t unit = 1;
#endif
    dprintf(file, "%" PRId64 "\n", (int64_t)usage->ru_maxrss * unit);
    close(file);
}

/// Ends this process as the program has ended.
static void end_as(int status) {
    if (WIFSIGNALED(status)) {
        // One core is enough.
        const struct rlimit no_core = {0, 0};
        sigset_t none;
        sigemptyset(&none);
        setrlimit(RLIMIT_CORE, &no_core);
        signal(WTERMSIG(status), SIG_DFL);
        sigprocmask(SIG_SETMASK, &none, NULL);
        raise(WTERMSIG(status));
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int main(int count, char **words) {
    if (count < 6) {
        fprintf(stderr, "usage: child-supervisor PARENT NICENESS GRACE REPORT PROGRAM [ARGUMENT ...]\n");
        return 64;
    }
    const pid_t parent = (pid_t)strtol(words[1], NULL, 10);
    const int niceness = (int)strtol(words[2], NULL, 10);
    hold_signals();
    if (!end_with(parent, SIGUSR1)) return 1;
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + niceness);
    const pid_t child = start(words + 5);
    if (child < 0) {
        fprintf(stderr, "%s: %s\n", words[5], strerror(errno));
        return 126;
    }
    close_streams();
    attend(child, parent, strtoll(words[3], NULL, 10));
    // What it has started and left behind.
    kill(-child, SIGKILL);
    int status = 0;
    struct rusage usage = {0};
    while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) continue;
    if (getppid() == parent) report(words[4], &usage);
    end_as(status);
}
