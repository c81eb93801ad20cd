// Requests and replies over a socket that the program inherits.
//
// A request is a header, descriptors (SCM_RIGHTS, with the header's first byte) and lines of
// "key value"; a reply is a header, JSON or an error's text, and bytes. All numbers in the
// machine's byte order: both ends are of one build.
#pragma once

#include "problem.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace worker {

/// What is asked for; the numbers are part of the protocol.
enum class Kind : uint32_t { render = 1, describe = 2, deidentify = 3 };

/// A file that was handed over, closed with its owner.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor &&other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    Descriptor &operator=(Descriptor &&) = delete;
    ~Descriptor();
    int number() const { return number_; }

  private:
    int number_;
};

struct Request {
    Kind kind;
    std::map<std::string, std::string> settings;
    std::vector<Descriptor> files;

    /// Throws `Code::request` where the text under this key is no number.
    std::optional<double> number(const std::string &key) const;
    int64_t integer(const std::string &key, int64_t otherwise) const;
};

struct Reply {
    std::string text;
    std::vector<uint8_t> bytes;
};

class Channel {
  public:
    explicit Channel(int socket) : socket_(socket) {}

    /// None when the other end has closed the socket.
    std::optional<Request> next();
    void answer(const Reply &reply) { send(Code::done, reply.text, reply.bytes); }
    void answer(const Problem &problem) { send(problem.code, problem.text, {}); }

  private:
    bool receive(void *bytes, size_t count, std::vector<Descriptor> *files);
    void send(Code code, const std::string &text, const std::vector<uint8_t> &bytes);
    void write(const void *bytes, size_t count);

    int socket_;
};

}  // namespace worker
