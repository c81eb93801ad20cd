// One frame as a screen shows it, and why it looks so.
#pragma once

#include "channel.h"

namespace worker {

/// Settings: `pixels` and `bytes` (limits), `frame` from 0, `center` and `width`, `full 1`. The
/// reply's text is JSON, its bytes [height, width, channels].
Reply render(const Request &request);

/// The same facts without decoding a frame.
Reply describe(const Request &request);

}  // namespace worker
