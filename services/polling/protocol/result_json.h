#pragma once

#include <string>

#include "services/polling/protocol/report.h"

namespace veche::polling::protocol {

// The canonical result (docs/polling-protocol.md, section 7). REQUIRES: the report has a
// definition.
std::string EncodeResult(const Report& report);

}  // namespace veche::polling::protocol
