#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "services/directory/domain/hours.h"
#include "services/directory/snapshot/entries.h"
#include "services/directory/wire/links.h"
#include "veche/directory/v1/e_services.pb.h"
#include "veche/directory/v1/organizations.pb.h"

// Entries as clients see them. Pure functions.

namespace veche::directory {

// The organization in a copy of the directory: with everything that depends on the entry alone.
v1::Organization CopyOf(const Organization& organization, absl::string_view district,
                        const LinkOptions& links);
// The same with whether it is open, and the distance.
v1::Organization ViewOf(const Organization& organization, absl::string_view district,
                        std::optional<double> distance_meters, const LinkOptions& links,
                        OpenClock& clock);
v1::EService ViewOf(const EService& service);

// "{version}.{hash of the message}", so that it changes with everything that a reader sees.
std::string EtagOf(int64_t version, const google::protobuf::Message& message);
// OK when `etag` is empty, "*" or of the entry's version, which is before the dot; ETAG_MISMATCH
// otherwise.
absl::Status CheckEtag(int64_t version, absl::string_view etag);

}  // namespace veche::directory
