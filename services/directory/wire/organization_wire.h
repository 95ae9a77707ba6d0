#pragma once

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "services/directory/domain/organization.h"
#include "veche/directory/v1/e_services.pb.h"
#include "veche/directory/v1/organizations.pb.h"

// Organizations and e-services between the domain and the wire. Pure functions.

namespace veche::directory {

// All fields but those that depend on the call or on other data: etag, links, share text, district,
// distance, and whether it is open.
v1::Organization ToWire(const Organization& organization);
v1::EService ToWire(const EService& service);

// The fields that clients set, and the id. Adds a violation under the path `prefix`, such as
// "organizations[3].", for each value and name that cannot be read.
Organization FromWire(const v1::Organization& wire, absl::string_view prefix,
                      Violations& violations);
EService FromWire(const v1::EService& wire, absl::string_view prefix, Violations& violations);

}  // namespace veche::directory
