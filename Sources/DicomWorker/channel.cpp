#include "channel.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include <sys/socket.h>
#include <unistd.h>

namespace worker {

namespace {

constexpr uint32_t magic = 0x31574450;  // "PDW1"
constexpr uint32_t longest_request = 1 << 20;
constexpr size_t most_files = 4;

struct RequestHeader {
    uint32_t magic, kind, text, files;
};

struct ReplyHeader {
    uint32_t magic, code;
    uint64_t text, bytes;
};

std::map<std::string, std::string> settings(const std::string &text) {
    std::map<std::string, std::string> result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const size_t space = line.find(' ');
        if (space == std::string::npos) fail(Code::request, "a setting without a value");
        result[line.substr(0, space)] = line.substr(space + 1);
    }
    return result;
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) close(number_);
}

std::optional<double> Request::number(const std::string &key) const {
    const auto found = settings.find(key);
    if (found == settings.end()) return std::nullopt;
    char *end = nullptr;
    const double value = std::strtod(found->second.c_str(), &end);
    if (end == found->second.c_str() || *end != 0) fail(Code::request, key + " is no number");
    return value;
}

int64_t Request::integer(const std::string &key, int64_t otherwise) const {
    const auto value = number(key);
    if (!value) return otherwise;
    if (std::abs(*value) > 9e15) fail(Code::request, key + " is no whole number");
    return static_cast<int64_t>(*value);
}

std::optional<Request> Channel::next() {
    RequestHeader header{};
    std::vector<Descriptor> files;
    if (!receive(&header, sizeof header, &files)) return std::nullopt;
    if (header.magic != magic || header.text > longest_request || header.files != files.size())
        return std::nullopt;
    std::string text(header.text, '\0');
    if (!receive(text.data(), text.size(), nullptr)) return std::nullopt;
    return Request{static_cast<Kind>(header.kind), settings(text), std::move(files)};
}

bool Channel::receive(void *bytes, size_t count, std::vector<Descriptor> *files) {
    auto *place = static_cast<char *>(bytes);
    while (count > 0) {
        iovec part{place, count};
        alignas(cmsghdr) char control[CMSG_SPACE(most_files * sizeof(int))];
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        const ssize_t taken = recvmsg(socket_, &message, 0);
        if (taken < 0 && errno == EINTR) continue;
        if (taken <= 0) return false;
        for (cmsghdr *head = CMSG_FIRSTHDR(&message); head != nullptr;
             head = CMSG_NXTHDR(&message, head)) {
            if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
            const size_t numbers = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (size_t index = 0; index < numbers; ++index) {
                int number = -1;
                std::memcpy(&number, CMSG_DATA(head) + index * sizeof(int), sizeof(int));
                Descriptor file(number);
                if (files != nullptr) files->push_back(std::move(file));
            }
        }
        place += taken;
        count -= static_cast<size_t>(taken);
    }
    return true;
}

void Channel::send(Code code, const std::string &text, const std::vector<uint8_t> &bytes) {
    const ReplyHeader header{magic, static_cast<uint32_t>(code), text.size(), bytes.size()};
    write(&header, sizeof header);
    write(text.data(), text.size());
    write(bytes.data(), bytes.size());
}

/// Ends the process where nobody listens any more.
void Channel::write(const void *bytes, size_t count) {
    const auto *place = static_cast<const char *>(bytes);
    while (count > 0) {
        const ssize_t taken = ::send(socket_, place, count, MSG_NOSIGNAL);
        if (taken < 0 && errno == EINTR) continue;
        if (taken <= 0) _exit(0);
        place += taken;
        count -= static_cast<size_t>(taken);
    }
}

}  // namespace worker
