#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "services/gateway/calls/gateway.h"

namespace veche::gateway {

// "/", "/docs" and "/openapi.json", made once at start from the descriptors and their comments.
std::map<std::string, StaticPage> MakePages(
    const std::vector<const google::protobuf::ServiceDescriptor*>& services,
    absl::string_view city);

}  // namespace veche::gateway
