#ifdef __linux__
#define _GNU_SOURCE
#endif
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/// The number of the socket in the program that is started.
enum { INHERITED = 3 };

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int32_t ci_worker_start(const char *path, uint64_t memory, int64_t seconds, int32_t *socket,
                        int32_t *process) {
    int ends[2];
    // Neither end is for programs that other threads start.
#ifdef SOCK_CLOEXEC
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return errno;
#else
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return errno;
    for (int end = 0; end < 2; ++end) fcntl(ends[end], F_SETFD, FD_CLOEXEC);
#endif
    char number[16], limit[32], time[32];
    snprintf(number, sizeof number, "%d", INHERITED);
    snprintf(limit, sizeof limit, "%llu", (unsigned long long)memory);
    snprintf(time, sizeof time, "%lld", (long long)seconds);
    char *const arguments[] = {(char *)path, number, limit, time, NULL};
    // Nothing of this program's surroundings is the other's business.
    char *const environment[] = {"LC_ALL=C", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], INHERITED);
    pid_t started = 0;
    const int status = posix_spawn(&started, path, &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (status != 0) {
        close(ends[0]);
        return status;
    }
    *socket = ends[0];
    *process = started;
    return 0;
}

int32_t ci_worker_end(int32_t socket, int32_t process) {
    int status = 0;
    close(socket);
    // What has ended already keeps its own signal.
    kill(process, SIGKILL);
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

int32_t ci_worker_send(int32_t socket, const uint8_t *bytes, size_t length, int32_t file) {
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct iovec part = {(void *)bytes, length};
    struct msghdr message = {0};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    const int number = file;
    memcpy(CMSG_DATA(head), &number, sizeof number);
    for (;;) {
        const ssize_t taken = sendmsg(socket, &message, MSG_NOSIGNAL);
        if (taken < 0 && errno == EINTR) continue;
        // Requests are far smaller than a socket's buffer.
        return taken == (ssize_t)length ? 0 : 1;
    }
}

int32_t ci_worker_receive(int32_t socket, uint8_t *bytes, size_t length, int64_t deadline) {
    size_t done = 0;
    while (done < length) {
        const int64_t left = deadline - milliseconds();
        if (left <= 0) return CI_WORKER_LATE;
        struct pollfd place = {socket, POLLIN, 0};
        const int ready = poll(&place, 1, left > 1000000 ? 1000000 : (int)left);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) continue;
        const ssize_t taken = recv(socket, bytes + done, length - done, 0);
        if (taken < 0 && errno == EINTR) continue;
        if (taken <= 0) return CI_WORKER_GONE;
        done += (size_t)taken;
    }
    return CI_WORKER_READY;
}

int64_t ci_worker_deadline(int64_t seconds) { return milliseconds() + seconds * 1000; }

int32_t ci_file_of_bytes(const uint8_t *bytes, size_t length) {
#ifdef __linux__
    const int file = memfd_create("preceptor", MFD_CLOEXEC);
#else
    char name[] = "/tmp/preceptor.XXXXXX";
    const int file = mkstemp(name);
    if (file >= 0) unlink(name);
#endif
    size_t done = 0;
    while (file >= 0 && done < length) {
        const ssize_t taken = write(file, bytes + done, length - done);
        if (taken < 0 && errno == EINTR) continue;
        if (taken <= 0) {
            close(file);
            return -1;
        }
        done += (size_t)taken;
    }
    return file;
}
