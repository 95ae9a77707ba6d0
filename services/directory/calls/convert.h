#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "services/directory/domain/city.h"
#include "veche/directory/v1/directory.pb.h"

// Wire <-> domain. Pure functions.

namespace veche::directory {

// "vakhitovsky" of "districts/vakhitovsky" with collection "districts"; "" for anything else.
std::string IdOf(absl::string_view collection, absl::string_view name);

// The update that a request asks for. Names that are none become empty ids, for CheckUpdate to
// find; a boundary that is none is a violation here. Where the request gives no area or label, they
// come from the boundary.
City ToUpdate(const v1::ImportDirectoryRequest& request, Violations& violations);

// With its boundary. Internal when the stored boundary is not JSON.
absl::StatusOr<v1::District> ToWire(const District& district);
v1::Department ToWire(const Department& department);
v1::Category ToWire(const Category& category);

}  // namespace veche::directory
