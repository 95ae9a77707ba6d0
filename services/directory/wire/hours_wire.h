#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "services/directory/domain/hours.h"
#include "veche/directory/v1/contacts.pb.h"

// Opening hours between the domain and the wire. Pure functions.

namespace veche::directory {

v1::Hours ToWire(const Hours& hours);

// Adds a violation under the path `field` for each time, day and date that cannot be read.
Hours FromWire(const v1::Hours& wire, const std::string& field, Violations& violations);

}  // namespace veche::directory
