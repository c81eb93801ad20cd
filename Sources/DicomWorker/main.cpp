// dicom-worker SOCKET MEMORY SECONDS: reads DICOM files for the program that started it.
//
// Files arrive as descriptors over the inherited socket. What a damaged file does to the libraries
// ends this process; the other end starts another.
#include "channel.h"
#include "codecs.h"
#include "confinement.h"
#include "deidentification.h"
#include "json.h"
#include "render.h"

#include "Deidentification/deidentify.h"

#include <cstdlib>
#include <new>

#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/oflog/oflog.h>

namespace {

using namespace worker;

Reply reply(const Request &request) {
    switch (request.kind) {
    case Kind::render: return render(request);
    case Kind::describe: return describe(request);
    case Kind::deidentify: return deidentify(request);
    }
    fail(Code::request, "a request of no known kind");
}

void serve(Channel &channel, int64_t seconds) {
    while (const auto request = channel.next()) {
        grant(seconds);
        try {
            channel.answer(reply(*request));
        } catch (const Problem &problem) {
            channel.answer(problem);
        } catch (const std::bad_alloc &) {
            channel.answer(Problem{Code::memory, ""});
        } catch (const std::length_error &) {
            channel.answer(Problem{Code::memory, ""});
        }
    }
}

}  // namespace

int main(int count, char **arguments) {
    if (count != 4) return 64;
    const int socket = std::atoi(arguments[1]);
    const uint64_t memory = std::strtoull(arguments[2], nullptr, 10);
    const int64_t seconds = std::atoll(arguments[3]);
    // Everything that is read from disk is read before there is a file of somebody else's.
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    if (!dcmDataDict.isDictionaryLoaded()) return 69;
    register_codecs();
    deidentification::prepare();
    limit_resources(socket, memory);
    const bool is_confined = confine();
    try {
        Channel channel(socket);
        channel.answer(Reply{JSON().add("confined", is_confined).text(), {}});
        serve(channel, seconds);
    } catch (const Problem &) {
        return 70;
    }
    return 0;
}
