#pragma once

#include "absl/status/statusor.h"
#include "services/directory/domain/city.h"
#include "veche/directory/v1/directory.pb.h"

// From the domain to the wire. Pure functions.

namespace veche::directory {

// With the boundary. Internal when the stored boundary is not JSON.
absl::StatusOr<v1::District> ToWire(const District& district);
v1::Department ToWire(const Department& department);
v1::Category ToWire(const Category& category);
v1::OrganizationCategory ToWire(const OrganizationCategory& category);

}  // namespace veche::directory
