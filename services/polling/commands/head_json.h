#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/merkle/signed_head.h"
#include "services/polling/protocol/canonical_json.h"

// Signed heads in the files of `veche vote` and `veche verify-poll --mirror`.

namespace veche::polling {

std::string EncodeHead(const merkle::SignedHead& head);
// `path` names the member in the error, which goes to `status`.
merkle::SignedHead DecodeHead(simdjson::dom::element value, std::string path, absl::Status* status);

}  // namespace veche::polling
