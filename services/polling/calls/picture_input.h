#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "services/polling/storage/picture_store.h"

namespace veche::polling {

// Fetches an image that the caller has uploaded, "attachments/{id}": Attachments::Fetch.
using PictureSource =
    std::function<absl::StatusOr<Picture>(const rpc::Call& call, const std::string& attachment)>;

// The image, or nothing and a violation of `field`. The status of the call when the service that
// keeps uploads does not answer.
absl::StatusOr<std::optional<Picture>> FetchPicture(const PictureSource& source,
                                                    const rpc::Call& call,
                                                    const std::string& attachment,
                                                    absl::string_view field,
                                                    Violations& violations);

}  // namespace veche::polling
